import Contracts

/// What came back.
struct HTTPReply: Sendable {
    var status: Int
    var body: JSONValue
    /// Seconds, as `Retry-After` says.
    var retryAfter: Int?

    var isSuccess: Bool { (200..<300).contains(status) }

    /// The slug of a problem document.
    var problem: String? {
        isSuccess ? nil : body["type"]?.text?.split(separator: "/").last.map(String.init) ?? "status \(status)"
    }

    /// Whether the same request may be answered otherwise later. 409 is only so while its first attempt still runs.
    var isPassing: Bool {
        status >= 500 || status == 429 || (status == 409 && problem == "request-in-progress")
    }
}
