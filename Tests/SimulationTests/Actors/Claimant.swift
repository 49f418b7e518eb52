import Contracts

/// Wants money back for an order: all of it, a ticket, or an amount; sometimes twice, sometimes more than there is.
@SimulationActor
struct Claimant {
    private let buyer: Buyer
    private var simulation: Simulation { buyer.simulation }

    init(_ buyer: Buyer) {
        self.buyer = buyer
    }

    func claim(_ checkout: CheckoutDetails) async {
        guard simulation.answers(StartRefund.name), simulation.answers(QuoteRefund.name),
            let orderID = checkout.orderID
        else { return }
        for _ in 0..<buyer.number(in: 1...3) {
            await buyer.rest(100...10_000)
            var draft = RefundDraft(reason: "Cannot come.")
            switch buyer.number(in: 0...3) {
            case 0:
                draft.ticketIDs = checkout.tickets.map(\.id)
                    .shuffled(using: &simulation.random).prefix(buyer.number(in: 1...2)).map { $0 }
            case 1: draft.amountCents = buyer.number(in: 1...max(1, checkout.quote?.totalCents ?? 1))
            default: break
            }
            guard let quote = await buyer.insist(on: QuoteRefund(orderID: orderID, draft: draft)) else { continue }
            let refundID = buyer.id(RefundID.self)
            let request = StartRefund(refundID: refundID, orderID: orderID, draft: draft, quote: quote)
            guard let begun = await buyer.insist(on: request) else { continue }
            simulation.auditor.told(begun)
            await see(through: refundID)
        }
    }

    private func see(through refundID: RefundID) async {
        for round in 0..<20 {
            await buyer.rest(1000...(5000 + 3000 * round))
            guard let refund = await buyer.insist(on: GetRefund(refundID: refundID)) else { continue }
            simulation.record("a claimant sees \(refund.state.rawValue)")
            simulation.auditor.told(refund)
            if refund.state.isFinal { return }
        }
    }
}
