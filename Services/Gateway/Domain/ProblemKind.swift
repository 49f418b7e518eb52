import Contracts

extension Problem.Slug {
    /// The HTTP status of a problem of this kind.
    var status: Int {
        switch self {
        case .idempotencyKeyRequired: 400
        case .unauthenticated: 401
        case .forbidden, .organizationInactive: 403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .requestInProgress, .soldOut, .holdExpired, .alreadyRefunded, .refundNotAllowed, .ticketTypeRequired,
            .salesClosed, .conflict:
            409
        case .payloadTooLarge: 413
        case .unsupportedMediaType: 415
        case .validationFailed, .idempotencyKeyReused, .refundExceedsPayment: 422
        case .rateLimited: 429
        case .internalError: 500
        case .unavailable: 503
        }
    }

    /// The problem's `title`: the same for every problem of this kind (RFC 9457, section 3.1.3).
    var title: String {
        switch self {
        case .idempotencyKeyRequired: "An idempotency key is required"
        case .unauthenticated: "The key is missing or not valid"
        case .forbidden: "The key does not allow this"
        case .organizationInactive: "The organisation is not active"
        case .notFound: "Not found"
        case .methodNotAllowed: "The resource has no such method"
        case .requestInProgress: "The same request is still in progress"
        case .soldOut: "Sold out"
        case .holdExpired: "The hold has expired"
        case .alreadyRefunded: "Already refunded"
        case .refundNotAllowed: "The refund policy does not allow this"
        case .ticketTypeRequired: "A ticket type is required"
        case .salesClosed: "Sales are closed"
        case .conflict: "The object's state does not allow this"
        case .payloadTooLarge: "The body is too large"
        case .unsupportedMediaType: "The media type is not supported"
        case .validationFailed: "The request is not valid"
        case .idempotencyKeyReused: "The idempotency key was used for another request"
        case .refundExceedsPayment: "The refund exceeds the payment"
        case .rateLimited: "Too many requests"
        case .internalError: "Something went wrong on our side"
        case .unavailable: "The service cannot answer now"
        }
    }

    /// The problem's `type` (RFC 9457, section 3.1.1).
    var typeURI: String { "https://voelgoed.events/problems/\(rawValue)" }
}
