/// The order is paid (or free): issue its tickets. Answered by `OrderCompleted` or `ConfirmRefused`.
public struct ConfirmTickets: StockCommand {
    public static let name = "ticketing.confirm-tickets.v1"
    public static let recipient = ServiceName.ticketing

    public var checkoutID: CheckoutID
    public var orderID: OrderID
    public var occurrenceID: OccurrenceID
    /// Absent for a free order.
    public var chargeID: ChargeID?
    public var paidCents: Int
    public var currency: Currency
    /// Whether the places of a hold that has ended are to be taken again, if they are free: for money that came late.
    public var takesAgain: Bool?

    enum CodingKeys: String, CodingKey {
        case currency
        case checkoutID = "checkout_id"
        case orderID = "order_id"
        case occurrenceID = "occurrence_id"
        case chargeID = "charge_id"
        case paidCents = "paid_cents"
        case takesAgain = "takes_again"
    }

    public init(
        checkoutID: CheckoutID, orderID: OrderID, occurrenceID: OccurrenceID, chargeID: ChargeID? = nil,
        paidCents: Int, currency: Currency, takesAgain: Bool? = nil
    ) {
        self.checkoutID = checkoutID
        self.orderID = orderID
        self.occurrenceID = occurrenceID
        self.chargeID = chargeID
        self.paidCents = paidCents
        self.currency = currency
        self.takesAgain = takesAgain
    }

    public static var example: ConfirmTickets {
        ConfirmTickets(
            checkoutID: .example, orderID: .example, occurrenceID: .example, chargeID: .example, paidCents: 5000,
            currency: .example, takesAgain: true
        )
    }
}
