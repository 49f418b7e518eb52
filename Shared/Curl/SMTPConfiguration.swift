/// How to reach the mail relay.
public struct SMTPConfiguration: Sendable {
    /// `smtp://host:port` or `smtps://host:port`; a path names this host to the relay (EHLO).
    public var url: String

    /// The account at the relay, if it asks for one.
    public var username: String?

    /// The account's password.
    public var password: String?

    /// Refuses to send unless the connection is encrypted (STARTTLS). Without it encryption is used where it is offered.
    public var requiresTLS: Bool

    /// How long one mail may take.
    public var timeout: Duration

    /// How many connections to the relay are open at once.
    public var maximumConcurrent: Int

    /// Path of a PEM file that replaces the system's trusted certificates.
    public var certificateAuthorities: String?

    /// A relay reached with TLS, 30 seconds per mail and four connections unless said otherwise.
    public init(
        url: String,
        username: String? = nil,
        password: String? = nil,
        requiresTLS: Bool = true,
        timeout: Duration = .seconds(30),
        maximumConcurrent: Int = 4,
        certificateAuthorities: String? = nil
    ) {
        self.url = url
        self.username = username
        self.password = password
        self.requiresTLS = requiresTLS
        self.timeout = timeout
        self.maximumConcurrent = maximumConcurrent
        self.certificateAuthorities = certificateAuthorities
    }
}
