import Contracts
import Curl
import ServiceRuntime

/// What an operator decides about Notifications.
struct NotificationsConfiguration: Sendable {
    /// Whether the relay must be reached over TLS.
    enum Encryption: String, CaseIterable {
        case required
        /// Where the relay offers it.
        case opportunistic
    }

    let relay: SMTPConfiguration
    let mailFrom: MailAddress
    let publicURL: String
    let mailConcurrency: Int
    let allowsLoopback: Bool
    let webhookTimeout: Duration
    let webhookConcurrency: Int
    let webhookEndpointConcurrency: Int
    let webhookRetention: Duration

    /// - Throws: ``SettingError``.
    init(_ settings: ServiceSettings) throws {
        mailConcurrency = try settings.integer(
            "mail.concurrency", default: 4, in: 1...64, "How many mails one process hands to the relay at a time.")
        relay = try Self.relay(settings, concurrency: mailConcurrency)
        mailFrom = try Self.sender(settings)
        publicURL = try settings.requiredString(
            "public.url", "Where the platform is found on the web; named in mails and to webhook receivers.")
        allowsLoopback = try settings.boolean(
            "webhook.allow.loopback", default: false,
            "Whether webhooks may go to this machine, and over plain http: for development only.")
        webhookTimeout = .seconds(
            try settings.integer(
                "webhook.timeout.seconds", default: 15, in: 1...30,
                "How long a webhook endpoint may take to answer. From 5 s on it counts as slow and gets few places."))
        webhookConcurrency = try settings.integer(
            "webhook.concurrency", default: 256, in: 1...2000,
            "How many webhooks one process delivers at a time, to all endpoints together.")
        webhookEndpointConcurrency = try settings.integer(
            "webhook.endpoint.concurrency", default: 16, in: 1...2000,
            "How many webhooks one process delivers to one endpoint at a time.")
        webhookRetention = .seconds(
            86_400
                * (try settings.integer(
                    "webhook.retention.days", default: 30, in: 7...3650,
                    "How long deliveries of webhooks stay in the log after their end.")))
    }

    private static func relay(_ settings: ServiceSettings, concurrency: Int) throws -> SMTPConfiguration {
        let url = try settings.requiredString("smtp.url", "The mail relay: smtp://host:port or smtps://host:port.")
        let username = try settings.string(
            "smtp.username", default: "", "The account at the mail relay, if it wants one.")
        let password = try settings.string("smtp.password", default: "", "The account's password, secret.")
        let encryption = try settings.choice(
            "smtp.encryption", default: Encryption.opportunistic,
            "Whether the relay must be reached over TLS. With an account it always must: the password needs it.")
        return SMTPConfiguration(
            url: url, username: username.isEmpty ? nil : username, password: password.isEmpty ? nil : password,
            requiresTLS: encryption == .required || !username.isEmpty, maximumConcurrent: concurrency)
    }

    private static func sender(_ settings: ServiceSettings) throws -> MailAddress {
        let key = "mail.from"
        let text = try settings.string(
            key, default: "Voelgoed Tickets <tickets@voelgoed.example>",
            "Who mails come from: an address, or a name and an address in angle brackets.")
        guard let address = MailAddress(mailbox: text) else {
            throw SettingError(
                variable: ServiceSettings.variable(key), problem: "must be an address, or a name and <address>")
        }
        return address
    }
}
