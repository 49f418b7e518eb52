import CCurl

/// Hands mails to a relay over SMTP (RFC 5321). Connections are kept open and reused.
public final class MailSender: Sendable {
    private let configuration: SMTPConfiguration
    private let loop: TransferLoop

    /// How many seconds a connection may rest before the next mail gets a new one.
    private static let longestRest = 20

    /// - Throws: ``MailSendError/invalidConfiguration(_:)`` when the URL is not one of a relay.
    public init(configuration: SMTPConfiguration) throws(MailSendError) {
        guard let url = CurlURL(configuration.url), url.scheme == "smtp" || url.scheme == "smtps" else {
            throw .invalidConfiguration("the URL is not smtp:// or smtps:// without user information")
        }
        self.configuration = configuration
        self.loop = TransferLoop(name: "mail-sender", maximumConcurrent: configuration.maximumConcurrent)
    }

    /// Returns when the relay has taken responsibility for the mail for every recipient. Never retries by itself.
    ///
    /// Cancelling the task ends the attempt with ``MailSendError/cancelled``.
    public func send(_ mail: Mail) async throws(MailSendError) {
        guard let transfer = EasyTransfer(policy: nil, maximumBodyBytes: 0), let url = CurlURL(configuration.url) else {
            throw .connectionFailed("out of memory")
        }
        try configure(transfer, for: mail, url: url)
        guard transfer.isConfigured else { throw .connectionFailed("libcurl refused an option") }
        switch await loop.run(transfer) {
        case .cancelled: throw .cancelled
        case .finished(CURLE_OK): return
        case .finished(let code): throw Self.failure(of: transfer, code)
        }
    }

    private func configure(_ transfer: EasyTransfer, for mail: Mail, url: CurlURL) throws(MailSendError) {
        transfer.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        // Relays close connections that rest; libcurl itself closes one on which a mail has failed half-way.
        transfer.set(CURLOPT_MAXAGE_CONN, Self.longestRest)
        transfer.set(CURLOPT_USE_SSL, Int((configuration.requiresTLS ? CURLUSESSL_ALL : CURLUSESSL_TRY).rawValue))
        transfer.setTimeout(configuration.timeout)
        transfer.setURL(url)
        if let username = configuration.username { transfer.set(CURLOPT_USERNAME, username) }
        if let password = configuration.password { transfer.set(CURLOPT_PASSWORD, password) }
        if let path = configuration.certificateAuthorities { transfer.set(CURLOPT_CAINFO, path) }
        transfer.setHeaders(try MailHeaders.lines(of: mail))
        transfer.set(CURLOPT_MAIL_FROM, try MailHeaders.envelopeAddress(mail.from, field: "from"))
        var recipients: [String] = []
        for (index, address) in mail.to.enumerated() {
            recipients.append(try MailHeaders.envelopeAddress(address, field: "to[\(index)]"))
        }
        transfer.setList(CURLOPT_MAIL_RCPT, recipients)
        try MailBody.attach(mail, to: transfer)
    }

    private static func failure(of transfer: EasyTransfer, _ code: CURLcode) -> MailSendError {
        let replyCode = transfer.responseCode
        switch code {
        case CURLE_LOGIN_DENIED:
            return .loginDenied(transfer.failureText(code))
        case CURLE_OPERATION_TIMEDOUT:
            return .timedOut
        case _ where (400...599).contains(replyCode):
            let reply = transfer.headerLines.last { $0.hasPrefix(String(replyCode)) }
            return .rejected(code: replyCode, reply: String((reply ?? transfer.failureText(code)).prefix(300)))
        default:
            return .connectionFailed(transfer.failureText(code))
        }
    }
}
