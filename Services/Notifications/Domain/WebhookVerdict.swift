import Contracts

/// What one attempt at delivering a webhook means for the delivery (Standard Webhooks 1.0, "Responding to webhooks").
enum WebhookVerdict: Sendable, Equatable {
    /// Any 2xx.
    case delivered
    /// To be tried again, if the schedule has another attempt; not before so long when the endpoint said so, and slowly
    /// when it is overloaded.
    case retry(after: Duration?, isOverloaded: Bool = false)
    /// 410: the endpoint wants no more webhooks at all.
    case gone
    /// The request itself can never be sent, such as one to a private address.
    case refused

    /// No answer came in time.
    static let timedOut = WebhookVerdict.retry(after: nil, isOverloaded: true)

    /// - Parameters:
    ///   - retryAfter: the answer's header of that name.
    ///   - time: of the attempt, which a date in that header is judged against.
    init(status: Int, retryAfter: String?, at time: Timestamp) {
        switch status {
        case 200...299: self = .delivered
        case 410: self = .gone
        case 429, 502, 504: self = .retry(after: Self.wait(retryAfter, at: time), isOverloaded: true)
        case 408, 413, 425, 500...599: self = .retry(after: Self.wait(retryAfter, at: time))
        default: self = .retry(after: nil)
        }
    }

    /// Both forms of RFC 9110 section 10.2.3. A date that has passed asks for no wait.
    private static func wait(_ text: String?, at time: Timestamp) -> Duration? {
        guard let text else { return nil }
        if !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            // More than fits is more than anybody waits.
            return .seconds(min(Int(text) ?? .max, longestWait))
        }
        guard let date = HTTPDate(text, at: time) else { return nil }
        return min(max(date.time.since(time), .zero), .seconds(longestWait))
    }

    /// What is read of a wait, in seconds; the schedule bounds it further.
    private static let longestWait = 86_400
}
