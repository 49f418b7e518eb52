import Foundation

/// The parts of RFC 9110's grammar that keep a caller's values from becoming other headers or requests.
enum HTTPSyntax {
    /// Headers that describe the message itself; libcurl writes them.
    static let senderHeaders: Set<String> = ["host", "content-length", "transfer-encoding", "connection"]

    private static let tokenCharacters = Set(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// RFC 9110 section 5.6.2.
    static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(tokenCharacters.contains)
    }

    /// RFC 9110 section 5.5: no control characters but the tab.
    static func isFieldValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7f) }
    }

    /// A received `name: value` line; nil for the status line.
    static func headerField(_ line: String) -> (name: String, value: String)? {
        guard !line.hasPrefix("HTTP/"), let colon = line.firstIndex(of: ":") else { return nil }
        let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        return (name: String(line[..<colon]), value: value)
    }
}
