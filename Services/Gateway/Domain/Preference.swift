/// What a `Prefer` header asks for (RFC 7240). Preferences that are unknown or malformed are ignored, as the RFC says.
struct Preference: Sendable, Equatable {
    static let maximumWaitSeconds = 30

    /// `wait`: how many seconds the client likes to wait for a settled state, at most ``maximumWaitSeconds``; nil when
    /// it does not ask.
    let waitSeconds: Int?

    /// - Parameter headerValues: the values of all `Prefer` header fields. The first mention of a preference counts.
    init(headerValues: [String]) {
        let preferences = headerValues.flatMap { $0.split(separator: ",") }
        for preference in preferences {
            let own = preference.split(separator: ";", maxSplits: 1).first ?? ""
            let parts = own.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != " " && $0 != "\t" } }
            guard parts.count == 2, parts[0].lowercased() == "wait" else { continue }
            let text = parts[1].filter { $0 != "\"" }
            guard !text.isEmpty, text.allSatisfy({ $0.isASCII && $0.isNumber }) else { continue }
            // A number too big for an integer is a long wait all the same.
            waitSeconds = min(Int(text) ?? Self.maximumWaitSeconds, Self.maximumWaitSeconds)
            return
        }
        waitSeconds = nil
    }
}
