/// TLS settings of a connection. The broker's certificate and host name are always verified, and TLS 1.2 is the
/// lowest version that is accepted.
///
/// The host name is compared with the certificate's DNS names only: an endpoint given as a literal address fails.
public struct AMQPTLS: Sendable, Equatable {
    /// The certificates that Debian trusts.
    public static let systemCertificateAuthorities = "/etc/ssl/certs/ca-certificates.crt"

    /// A PEM file with the certificate authorities that may sign the broker's certificate.
    public var certificateAuthorityFile: String
    /// A PEM file with this client's certificate chain, or `nil` if the broker asks for none.
    public var clientCertificateFile: String?
    /// A PEM file with the private key of the client certificate.
    public var clientKeyFile: String?

    /// Creates TLS settings; a client certificate needs its key, and the other way round.
    public init(
        certificateAuthorityFile: String = AMQPTLS.systemCertificateAuthorities, clientCertificateFile: String? = nil,
        clientKeyFile: String? = nil
    ) {
        self.certificateAuthorityFile = certificateAuthorityFile
        self.clientCertificateFile = clientCertificateFile
        self.clientKeyFile = clientKeyFile
    }
}
