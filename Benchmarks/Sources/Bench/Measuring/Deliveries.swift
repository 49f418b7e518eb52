/// The mails and webhooks that have come since a moment.
struct Deliveries {
    private let outside: OutsideWorld
    private let mailsBefore: Int
    private let webhooksBefore: Int

    /// From now on.
    init(_ outside: OutsideWorld) {
        self.outside = outside
        (mailsBefore, webhooksBefore) = (outside.mails, outside.webhooks)
    }

    /// What has not come although it should have: every order has a mail and a webhook.
    func missing(for orders: Int) -> [String] {
        let (mails, webhooks) = (outside.mails - mailsBefore, outside.webhooks - webhooksBefore)
        var missing: [String] = []
        if mails < orders { missing.append("\(mails) mails for \(orders) orders") }
        if webhooks < orders { missing.append("\(webhooks) webhooks for \(orders) orders") }
        return missing
    }
}
