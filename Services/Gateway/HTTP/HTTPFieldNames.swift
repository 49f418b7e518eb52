import HTTPTypes

// The header fields of this API that HTTPTypes does not name.
extension HTTPField.Name {
    /// draft-ietf-httpapi-idempotency-key-header.
    static let idempotencyKey = name("Idempotency-Key")
    /// `true` on an answer that was given before.
    static let idempotencyReplayed = name("Idempotency-Replayed")
    /// Server-Sent Events: the id of the last event the client has seen.
    static let lastEventID = name("Last-Event-ID")
    /// RFC 8288.
    static let link = name("Link")
    /// RFC 7240.
    static let prefer = name("Prefer")
    /// RFC 7240.
    static let preferenceApplied = name("Preference-Applied")
    /// draft-ietf-httpapi-ratelimit-headers.
    static let rateLimit = name("RateLimit")
    /// draft-ietf-httpapi-ratelimit-headers.
    static let rateLimitPolicy = name("RateLimit-Policy")
    static let requestID = name("X-Request-Id")

    private static func name(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is no header field name") }
        return name
    }
}
