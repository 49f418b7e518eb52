import Contracts
import Foundation

/// Which URLs an endpoint may have, as far as the text alone can tell. Where it leads is judged by the sender.
struct WebhookURLRule: Sendable, Equatable {
    static let maximumLength = 2048

    /// Whether `http` is allowed beside `https`: only where endpoints on this machine are.
    let allowsPlainHTTP: Bool

    /// What is wrong with the URL, as the end of a sentence that begins with its name; nil when nothing is.
    func problem(with url: String) -> String? {
        guard (1...Self.maximumLength).contains(url.unicodeScalars.count) else {
            return "must have 1 to \(Self.maximumLength) characters"
        }
        guard url.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F }) else {
            return "must be an absolute URL in ASCII"
        }
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased() else {
            return "must be an absolute URL"
        }
        guard scheme == "https" || (scheme == "http" && allowsPlainHTTP) else {
            return allowsPlainHTTP ? "must begin with https:// or http://" : "must begin with https://"
        }
        guard let host = parts.host, !host.isEmpty else { return "must name a host" }
        guard parts.user == nil, parts.password == nil else { return "must not contain a user name or password" }
        guard parts.fragment == nil else { return "must not contain a fragment" }
        return nil
    }
}
