import Contracts

/// What one attempt at delivering a webhook means for the delivery (Standard Webhooks 1.0, "Responding to webhooks").
enum WebhookVerdict: Sendable, Equatable {
    /// Any 2xx.
    case delivered
    /// To be tried again, if the schedule has another attempt; not before so long when the endpoint said so.
    case retry(after: Duration?)
    /// 410: the endpoint wants no more webhooks at all.
    case gone
    /// The request itself can never be sent, such as one to a private address.
    case refused

    /// - Parameter retryAfter: the answer's header of that name.
    init(status: Int, retryAfter: String?) {
        switch status {
        case 200...299: self = .delivered
        case 410: self = .gone
        case 429, 502, 503, 504: self = .retry(after: Self.seconds(retryAfter))
        default: self = .retry(after: nil)
        }
    }

    /// The form in seconds (RFC 9110 section 10.2.3); a date would need the endpoint's clock to be right.
    private static func seconds(_ text: String?) -> Duration? {
        guard let text, let seconds = Int(text), (0...86_400).contains(seconds) else { return nil }
        return .seconds(seconds)
    }
}
