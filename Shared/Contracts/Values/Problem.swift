/// A refusal the caller can act on, in the terms of RFC 9457. Services answer requests with it; the Gateway sends it on as
/// `application/problem+json`. It never carries internals.
public struct Problem: Error, Codable, Sendable, Equatable {
    /// What kind of refusal. The slug is stable and documented; it ends the problem's `type` URI.
    public enum Slug: String, Codable, Sendable, CaseIterable {
        case unauthenticated
        case forbidden
        case notFound = "not-found"
        case validationFailed = "validation-failed"
        case idempotencyKeyRequired = "idempotency-key-required"
        case idempotencyKeyReused = "idempotency-key-reused"
        case requestInProgress = "request-in-progress"
        case rateLimited = "rate-limited"
        case soldOut = "sold-out"
        case holdExpired = "hold-expired"
        case alreadyRefunded = "already-refunded"
        case refundExceedsPayment = "refund-exceeds-payment"
        /// The event's refund policy does not grant it.
        case refundNotAllowed = "refund-not-allowed"
        case ticketTypeRequired = "ticket-type-required"
        case salesClosed = "sales-closed"
        case unavailable
        /// The object is not in a state that allows this, for instance a slug that is taken or a checkout that is over.
        case conflict
        case organizationInactive = "organization-inactive"
        case methodNotAllowed = "method-not-allowed"
        case payloadTooLarge = "payload-too-large"
        case unsupportedMediaType = "unsupported-media-type"
        case internalError = "internal-error"
    }

    /// One wrong field: where it is (a path such as `items[0].quantity`) and what it must be.
    public struct FieldError: Codable, Sendable, Equatable {
        public var field: String
        public var message: String

        public init(field: String, message: String) {
            self.field = field
            self.message = message
        }
    }

    public var slug: Slug
    /// One sentence for the person who reads it: what is wrong and what would be right.
    public var detail: String
    /// The wrong fields, for `validation-failed`.
    public var errors: [FieldError]?
    /// Whole seconds after which trying again makes sense.
    public var retryAfterSeconds: Int?

    enum CodingKeys: String, CodingKey {
        case slug, detail, errors
        case retryAfterSeconds = "retry_after_seconds"
    }

    public init(_ slug: Slug, _ detail: String, errors: [FieldError]? = nil, retryAfterSeconds: Int? = nil) {
        self.slug = slug
        self.detail = detail
        self.errors = errors
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// There is no such object, or it is another organisation's: the two are not told apart.
    public static func notFound(_ what: String) -> Problem {
        Problem(.notFound, "There is no such \(what).")
    }

    /// One or several fields are wrong.
    public static func validation(_ errors: [FieldError]) -> Problem {
        let fields = errors.map { "\($0.field) \($0.message)" }.joined(separator: "; ")
        return Problem(.validationFailed, fields, errors: errors)
    }

    public static func validation(_ field: String, _ message: String) -> Problem {
        .validation([FieldError(field: field, message: message)])
    }
}
