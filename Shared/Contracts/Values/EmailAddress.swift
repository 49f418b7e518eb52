/// What counts as a mail address wherever one is taken: exactly what the mail server will be given later, so that nobody pays
/// for tickets that cannot be sent.
public enum EmailAddress {
    /// The longest address (RFC 5321, section 4.5.3.1: a path of 256 octets with its brackets).
    public static let maximumLength = 254

    /// What a wrong address is told.
    public static let requirement = "must be an ASCII mail address such as ada@example.org, of at most 254 characters"

    /// Whether mail can be sent there: a local part of 1 to 64 octets, one `@`, a domain, no white space, no controls, and none
    /// of the characters that would need quoting. Other scripts need SMTPUTF8, which the mail path does not speak.
    public static func isDeliverable(_ text: String) -> Bool {
        let forbidden = Set("()<>[]:;,\\\"".utf8)
        let halves = text.split(separator: "@", omittingEmptySubsequences: false)
        return text.utf8.count <= maximumLength && halves.count == 2 && (1...64).contains(halves[0].utf8.count)
            && !halves[1].isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !forbidden.contains($0) }
    }
}
