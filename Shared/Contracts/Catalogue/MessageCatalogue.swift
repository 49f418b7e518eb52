/// Every message of the platform. A message that is not listed here has no queue, no golden file and no documentation;
/// a test fails when a type in this module is missing.
public enum MessageCatalogue {
    public static let commands: [any Command.Type] = [
        Charge.self, Refund.self, AbandonRefund.self, CompleteRefund.self, ConfirmTickets.self, HoldTickets.self,
        PrepareRefund.self, ReleaseHold.self,
    ]

    public static let events: [any Event.Type] = [
        CheckoutProgressed.self, CheckoutEnded.self, ActionRecorded.self, APIKeyRevoked.self, OrganizationChanged.self,
        ChargeFailed.self,
        ChargePending.self, ChargeSucceeded.self, RefundFailed.self, RefundPending.self, RefundSucceeded.self,
        ScanRecorded.self, ConfirmRefused.self, EventChanged.self, HoldRefused.self, HoldReleased.self,
        OccurrenceCanceled.self, OccurrenceChanged.self, OrderCompleted.self, OrderRefunded.self,
        RefundAbandoned.self, RefundPrepared.self, RefundRefused.self, TicketTypeChanged.self, TicketsHeld.self,
    ]

    public static let requests: [any Request.Type] = [
        GetOccurrenceReport.self, ListAuditEntries.self, CancelCheckout.self, GetCheckoutHistory.self,
        GetCancellationHistory.self, GetCancellation.self, GetCheckout.self, GetRefundHistory.self, GetRefund.self,
        PayCheckout.self, StartCheckout.self, StartRefund.self, CreateWebhookEndpoint.self,
        DeleteWebhookEndpoint.self, GetWebhookEndpoint.self, ListWebhookDeliveries.self, ListWebhookEndpoints.self,
        RenderTicket.self, RetryWebhookDeliveries.self, RetryWebhookDelivery.self, RotateWebhookSecret.self,
        UpdateWebhookEndpoint.self, ListLedgerAccounts.self, ListLedgerEntries.self, RecordScan.self,
        ActivateEvent.self, CancelOccurrence.self, CreateEvent.self,
        CreateOccurrence.self,
        CreateTicketType.self, GetAvailability.self, GetEvent.self, GetOccurrence.self, GetOrder.self,
        GetTicket.self, ListEvents.self, ListOccurrences.self, ListOrders.self, ListTicketTypes.self, QuoteRefund.self,
        UpdateEvent.self, UpdateTicketType.self,
    ]

    public static var all: [any Message.Type] { commands + events + requests }

    /// The names of all messages.
    public static var names: [String] { all.map { $0.name } }
}
