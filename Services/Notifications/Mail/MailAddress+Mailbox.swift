import Curl

extension MailAddress {
    /// Reads `tickets@example.org` or `Tickets <tickets@example.org>`; nil for anything else. An address alone gets the
    /// platform's name.
    init?(mailbox text: String) {
        let name: String
        let email: String
        if text.hasSuffix(">"), let start = text.lastIndex(of: "<") {
            name = String(text[..<start]).singleLine
            email = String(text[text.index(after: start)...].dropLast())
        } else {
            name = ""
            email = text
        }
        let halves = email.split(separator: "@", omittingEmptySubsequences: false)
        let forbidden = Set("<>()[]\\,;:\"".unicodeScalars)
        let isPlain = email.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F && !forbidden.contains($0) }
        guard halves.count == 2, isPlain, !halves[0].isEmpty, !halves[1].isEmpty else { return nil }
        self.init(name: name.isEmpty ? "Voelgoed Tickets" : name, email: email)
    }
}
