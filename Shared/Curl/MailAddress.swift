/// A mailbox: an address and the name shown beside it.
public struct MailAddress: Sendable, Equatable {
    /// The display name in any script; nil or empty shows the address alone.
    public var name: String?

    /// `local@domain` in ASCII. An internationalised domain is given in its `xn--` form.
    public var email: String

    /// Makes no checks: ``MailSender/send(_:)`` does, naming the field.
    public init(name: String? = nil, email: String) {
        self.name = name
        self.email = email
    }
}
