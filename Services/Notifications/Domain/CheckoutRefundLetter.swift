import Contracts

/// What a buyer is told whose payment came too late for tickets and went back.
struct CheckoutRefundLetter: Codable, Sendable, Equatable {
    var checkoutID: CheckoutID
    var buyer: Buyer
    var amountCents: Int
    var currency: Currency

    enum CodingKeys: String, CodingKey {
        case buyer, currency
        case checkoutID = "checkout_id"
        case amountCents = "amount_cents"
    }
}
