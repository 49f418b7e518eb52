import Contracts
import Foundation

/// Wants tickets, pays in one way or another, and goes to the event.
@SimulationActor
final class Buyer: Actor {
    /// What a buyer may do with places that are held.
    private enum Choice {
        case pay
        case cancel
        case leave
    }

    /// What a buyer may do once the tickets are there.
    private enum Outing {
        case attend
        case refund
        case stayAtHome
    }

    private static let choices: [(weight: Int, element: Choice)] = [(20, .pay), (2, .cancel), (3, .leave)]
    private static let outings: [(weight: Int, element: Outing)] = [(5, .attend), (4, .refund), (2, .stayAtHome)]

    /// The sandbox's tokens, and one that it does not know.
    private static let tokens: [(weight: Int, element: String)] = [
        (12, "tok_ok"), (3, "tok_declined"), (2, "tok_insufficient_funds"), (2, "tok_slow"), (4, "tok_async"),
        (3, "tok_lost"), (3, "tok_late"), (2, "tok_unavailable"), (1, "tok_nobody_knows"),
        (1, "tok_refund_refused"), (2, "tok_refund_async"), (2, "tok_refund_lost"), (2, "tok_refund_unavailable"),
    ]

    private let offer: Offer

    init(of offer: Offer, in simulation: Simulation) {
        self.offer = offer
        super.init(offer.organizationID, in: simulation)
    }

    func live() async {
        await rest(0...Int(simulation.shape.rush.milliseconds))
        guard let checkout = await buy() else { return }
        switch simulation.random.pick(Self.outings) {
        case .attend: await attend(checkout)
        case .refund: await Claimant(self).claim(checkout)
        case .stayAtHome, nil: break
        }
    }

    private func instrument() -> PaymentInstrument {
        PaymentInstrument(provider: "sandbox", token: simulation.random.pick(Self.tokens) ?? "tok_ok")
    }

    /// - Returns: the completed checkout; nil when nothing came of it.
    private func buy() async -> CheckoutDetails? {
        guard let occurrenceID = offer.occurrenceIDs.randomElement(using: &simulation.random) else { return nil }
        var items: [OrderItem] = []
        for ticketTypeID in offer.ticketTypeIDs.shuffled(using: &simulation.random).prefix(number(in: 1...2)) {
            items.append(OrderItem(ticketTypeID: ticketTypeID, quantity: number(in: 1...3)))
        }
        var draft = CheckoutDraft(
            occurrenceID: occurrenceID, items: items,
            buyer: Contracts.Buyer(email: "buyer\(number(in: 1...9999))@example.org", givenName: "Buyer"))
        if chance(0.4) { draft.payment = instrument() }
        let orderID = id(OrderID.self)
        let request = StartCheckout(checkoutID: id(), orderID: orderID, draft: draft)
        guard let begun = await insist(on: request) else { return nil }
        simulation.auditor.started(
            begun, orderID: orderID, quantity: items.reduce(0) { $0 + $1.quantity }, by: organizationID)
        return await see(through: begun)
    }

    private func see(through begun: CheckoutDetails) async -> CheckoutDetails? {
        var checkout = begun
        var patience = 0
        while patience < 80 {
            patience += 1
            simulation.auditor.told(checkout)
            simulation.record("a buyer sees \(checkout.state.rawValue)")
            if checkout.state.isFinal { return checkout.state == .completed ? checkout : nil }
            if checkout.state == .awaitingPayment {
                switch simulation.random.pick(Self.choices) {
                case .cancel:
                    if let canceled = await insist(on: CancelCheckout(checkoutID: checkout.id)) { checkout = canceled }
                    continue
                case .leave: return nil
                case .pay, nil: await pay(checkout)
                }
            }
            await simulation.awaitChange(
                of: checkout.id, for: .seconds(min(60, 5 + patience * 3)), by: script)
            if let newer = await insist(on: GetCheckout(checkoutID: checkout.id)) { checkout = newer }
        }
        return nil
    }

    private func pay(_ checkout: CheckoutDetails) async {
        await rest(10...4000)
        _ = await insist(on: PayCheckout(checkoutID: checkout.id, chargeID: id(), instrument: instrument()))
        // Impatient: pays a second time, under another key.
        if chance(0.1) {
            _ = await insist(on: PayCheckout(checkoutID: checkout.id, chargeID: id(), instrument: instrument()))
        }
    }

    /// Goes to the gates: in, out, in again, with friends who try the same code, and with codes of their own making.
    private func attend(_ checkout: CheckoutDetails) async {
        for ticket in checkout.tickets {
            guard let code = ticket.code else { continue }
            await rest(0...3000)
            for _ in 0..<number(in: 1...3) {
                await scan(code, .in, ticket.id, checkout)
                if chance(0.3) { await scan(code, .in, ticket.id, checkout) }
                if chance(0.5) { await scan(code, .out, ticket.id, checkout) }
            }
        }
        if chance(0.3), let code = checkout.tickets.first?.code {
            await scan(String(code.dropLast(2)) + "QQ", .in, nil, checkout)
        }
    }

    private func scan(
        _ code: String, _ direction: ScanDirection, _ ticketID: TicketID?, _ checkout: CheckoutDetails
    ) async {
        let draft = ScanDraft(
            id: id(), occurrenceID: checkout.occurrenceID, code: code, direction: direction)
        for _ in 0...(chance(0.2) ? 1 : 0) {
            guard let answer = await insist(on: RecordScan(scan: draft)) else { return }
            simulation.record("a scan was \(answer.result.rawValue)")
            simulation.auditor.told(answer, of: draft, with: ticketID)
        }
    }
}
