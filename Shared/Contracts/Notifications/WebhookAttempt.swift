/// One try at delivering.
public struct WebhookAttempt: Codable, Sendable, Equatable {
    public var attemptedAt: Timestamp
    /// Absent when no answer came.
    public var statusCode: Int?
    public var error: String?
    public var durationMilliseconds: Int
    /// The beginning of the answer.
    public var responseBody: String?

    enum CodingKeys: String, CodingKey {
        case error
        case attemptedAt = "attempted_at"
        case statusCode = "status_code"
        case durationMilliseconds = "duration_milliseconds"
        case responseBody = "response_body"
    }

    public init(
        attemptedAt: Timestamp, statusCode: Int? = nil, error: String? = nil, durationMilliseconds: Int,
        responseBody: String? = nil
    ) {
        self.attemptedAt = attemptedAt
        self.statusCode = statusCode
        self.error = error
        self.durationMilliseconds = durationMilliseconds
        self.responseBody = responseBody
    }

    public static var example: WebhookAttempt {
        WebhookAttempt(
            attemptedAt: .example, statusCode: 200, error: "timed out", durationMilliseconds: 12, responseBody: "ok"
        )
    }
}
