/// Who hears of sales outside of the platform: a mail relay, and an organisation's own system.
final class OutsideWorld {
    private var relay: LocalServer?
    private var system: LocalServer?

    /// How many mails and webhooks have come, repetitions included.
    private(set) var mails = 0
    private(set) var webhooks = 0

    /// Where webhooks are taken.
    var webhookPort: UInt16 { system?.port ?? 0 }

    /// - Parameter mailPort: where the platform has been told to hand its mails.
    init(_ poller: Poller, mailPort: UInt16) throws {
        relay = try LocalServer(poller, port: mailPort) { [unowned self] in MailSession { self.mails += 1 } }
        system = try LocalServer(poller) { [unowned self] in WebhookSession { self.webhooks += 1 } }
    }
}
