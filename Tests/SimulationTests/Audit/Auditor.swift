import Contracts
import Foundation
import Messaging

/// Knows what actors were promised, listens to what services say, and finds where the books do not keep it. The sandbox
/// provider's book is the witness for money.
@SimulationActor
final class Auditor {
    /// One checkout, as its buyer sees it.
    struct Purchase {
        let organizationID: OrganizationID
        let orderID: OrderID
        let quantity: Int
        var told: CheckoutDetails
        /// The buyer has seen it completed once.
        var wasPromised = false
    }

    private struct Passage {
        var isInside = false
    }

    private(set) var purchases: [CheckoutID: Purchase] = [:]
    private var order: [CheckoutID] = []
    private var chargesOf: [CheckoutID: [ChargeID]] = [:]
    private var inFlight: [OrderID: Set<ChargeID>] = [:]
    private var concluded: Set<ChargeID> = []
    private var scans: [ScanID: ScanAnswer] = [:]
    private var refunds: [RefundID: RefundDetails] = [:]
    private var webhooks = WebhookAudit()
    private var passages: [TicketID: Passage] = [:]
    /// When what a message has caused was handled, by the message and the service that handled it.
    private var handledAt: [Handling: Timestamp] = [:]
    private var seen: [String] = []

    private struct Handling: Hashable {
        let messageID: UUID
        let service: String
    }

    // MARK: Listening

    /// Hears what a service has sent.
    func hear(_ message: WireMessage, at now: Timestamp) {
        hearCause(of: message)
        do {
            switch message.envelope.type {
            case Charge.name:
                let charge = try MessageCodec.decode(Charge.self, from: message.body)
                guard !concluded.contains(charge.chargeID) else { return }
                inFlight[charge.orderID, default: []].insert(charge.chargeID)
                if !chargesOf[charge.checkoutID, default: []].contains(charge.chargeID) {
                    chargesOf[charge.checkoutID, default: []].append(charge.chargeID)
                }
            case ChargeSucceeded.name:
                let success = try MessageCodec.decode(ChargeSucceeded.self, from: message.body)
                conclude(success.chargeID, of: success.orderID)
            case ChargeFailed.name:
                let failure = try MessageCodec.decode(ChargeFailed.self, from: message.body)
                conclude(failure.chargeID, of: failure.orderID)
            case ReleaseHold.name:
                let release = try MessageCodec.decode(ReleaseHold.self, from: message.body)
                if inFlight[release.orderID]?.isEmpty == false {
                    seen.append("order \(release.orderID) was to be released while its money was in flight")
                }
            default: return
            }
        } catch {
            seen.append("\(message.envelope.summary) cannot be read: \(error)")
        }
    }

    /// Everything that handling a message causes bears the time of that handling. Another time means that the message was
    /// handled twice.
    private func hearCause(of message: WireMessage) {
        let envelope = message.envelope
        guard let messageID = envelope.causationID else { return }
        let handling = Handling(messageID: messageID, service: envelope.appID)
        if let earlier = handledAt[handling], earlier != envelope.occurredAt {
            seen.append("\(envelope.appID) has handled \(messageID) twice, and caused \(envelope.summary) again")
        }
        handledAt[handling] = envelope.occurredAt
    }

    private func conclude(_ chargeID: ChargeID, of orderID: OrderID) {
        concluded.insert(chargeID)
        inFlight[orderID]?.remove(chargeID)
    }

    // MARK: Promises

    func started(_ checkout: CheckoutDetails, orderID: OrderID, quantity: Int, by organizationID: OrganizationID) {
        if purchases[checkout.id] == nil {
            order.append(checkout.id)
            purchases[checkout.id] = Purchase(
                organizationID: organizationID, orderID: orderID, quantity: quantity, told: checkout)
        }
        told(checkout)
    }

    /// A buyer has seen the checkout.
    func told(_ checkout: CheckoutDetails) {
        guard var purchase = purchases[checkout.id], checkout.version >= purchase.told.version else { return }
        if purchase.wasPromised, checkout.state != .completed {
            seen.append("checkout \(checkout.id) was completed, and is \(checkout.state.rawValue)")
        }
        if purchase.told.state.isFinal, checkout.state != purchase.told.state {
            seen.append(
                "checkout \(checkout.id) had ended as \(purchase.told.state.rawValue), and is \(checkout.state.rawValue)"
            )
        }
        purchase.told = checkout
        purchase.wasPromised = purchase.wasPromised || checkout.state == .completed
        purchases[checkout.id] = purchase
    }

    /// A scanner has heard the answer to its scan.
    func told(_ answer: ScanAnswer, of scan: ScanDraft, with ticketID: TicketID?) {
        if let earlier = scans[scan.id] {
            if earlier != answer { seen.append("scan \(scan.id) was \(earlier.result), then \(answer.result)") }
            return
        }
        scans[scan.id] = answer
        guard let ticketID else {
            if answer.result == .admitted || answer.result == .exited {
                seen.append("a forged code was \(answer.result.rawValue)")
            }
            return
        }
        switch answer.result {
        case .admitted:
            if passages[ticketID]?.isInside == true { seen.append("ticket \(ticketID) was admitted twice") }
            passages[ticketID] = Passage(isInside: true)
        case .exited:
            if passages[ticketID]?.isInside != true { seen.append("ticket \(ticketID) left without being inside") }
            passages[ticketID] = Passage(isInside: false)
        default: break
        }
    }

    /// A claimant has seen the refund.
    func told(_ refund: RefundDetails) {
        if let earlier = refunds[refund.id], earlier.state.isFinal, earlier.state != refund.state {
            seen.append("refund \(refund.id) had ended as \(earlier.state.rawValue), and is \(refund.state.rawValue)")
        }
        if refunds[refund.id].map({ $0.version <= refund.version }) ?? true { refunds[refund.id] = refund }
    }

    /// A subscriber has seen its endpoint.
    func told(_ endpoint: WebhookEndpointDetails) {
        webhooks.told(endpoint)
    }

    func expectsAnotherSecret(of endpointID: WebhookEndpointID) {
        webhooks.expectsAnotherSecret(of: endpointID)
    }

    /// A subscriber wants to hear nothing for a while.
    func closes(_ endpointID: WebhookEndpointID) {
        webhooks.closes(endpointID)
    }

    // MARK: Judging

    func findings(in simulation: Simulation) async throws -> [String] {
        let books = try await Books.read(simulation.world.databases)
        var findings = seen
        let known = Set(chargesOf.values.joined())
        for chargeID in books.captures.keys.sorted() where !known.contains(chargeID) {
            findings.append("the provider has taken money as \(chargeID), which nobody has ordered")
        }
        var codes: Set<String> = []
        for id in order {
            guard let purchase = purchases[id] else { continue }
            findings += problems(of: id, purchase, books)
            if books.checkouts[id] == .completed, books.mustBeMailed(purchase.orderID),
                simulation.outside.relay.mailsOfTickets(purchase.orderID) == 0
            {
                findings.append("checkout \(id) has valid tickets, and no mail with them was taken")
            }
            for code in purchase.told.tickets.compactMap(\.code) where !codes.insert(code).inserted {
                findings.append("checkout \(id) was given a code that another has")
            }
        }
        for refund in refunds.values.sorted(by: { $0.id < $1.id }) where refund.state == .completed {
            let givenBack = books.refunds[refund.id] ?? 0
            if givenBack != refund.amountCents {
                findings.append(
                    "refund \(refund.id) of \(refund.amountCents) was promised, and \(givenBack) were given back")
            }
        }
        findings += webhooks.problems(
            try await WebhookBook.read(simulation.world.databases), simulation.outside.receiver.arrivals,
            facts: facts(in: books), codes: codes.sorted())
        findings += books.gates.problems
        findings += books.lastingIncidents.map { "an operator was called and still is: \($0)" }
        for (saga, state) in books.openSagas {
            findings.append("\(saga) is \(state) for ever")
        }
        return findings
    }

    /// What every subscriber that listens must have been told.
    private func facts(in books: Books) -> [WebhookBook.Fact] {
        var facts = books.canceledOccurrences.sorted { $0.key < $1.key }.map {
            WebhookBook.Fact(organizationID: $1, type: "occurrence.canceled", objectID: $0.rawValue)
        }
        for id in order where books.checkouts[id] == .completed {
            guard let purchase = purchases[id] else { continue }
            facts.append(
                WebhookBook.Fact(
                    organizationID: purchase.organizationID, type: "order.completed",
                    objectID: purchase.orderID.rawValue))
            for (refundID, refund) in refunds.sorted(by: { $0.key < $1.key })
            where refund.orderID == purchase.orderID && refund.state == .completed {
                facts.append(
                    WebhookBook.Fact(
                        organizationID: purchase.organizationID, type: "refund.completed",
                        objectID: refundID.rawValue))
            }
        }
        return facts
    }

    private func problems(of id: CheckoutID, _ purchase: Purchase, _ books: Books) -> [String] {
        guard let state = books.checkouts[id] else { return ["checkout \(id) was accepted and is gone"] }
        var problems: [String] = []
        let money = (chargesOf[id] ?? []).compactMap { books.captures[$0] }
        let kept = money.reduce(0) { $0 + $1.taken - $1.givenBack }
        if purchase.wasPromised, state != .completed {
            problems.append("checkout \(id) was promised as completed and is \(state.rawValue)")
        }
        // Money that the provider will not take back is an operator's case, and is seen as one.
        let hasIncident = books.incidents.contains(id.rawValue)
        switch state {
        case .completed:
            guard let order = books.orders[purchase.orderID] else { return problems + ["checkout \(id) has no order"] }
            if kept != order.totalCents - order.refundedCents, !hasIncident {
                problems.append(
                    "checkout \(id) costs \(order.totalCents) less \(order.refundedCents), and \(kept) were kept")
            }
            let occurrenceID = purchase.told.occurrenceID
            if books.canceledOccurrences[occurrenceID] != nil, order.refundedCents < order.totalCents,
                !books.incidents.contains(occurrenceID.rawValue)
            {
                problems.append(
                    "checkout \(id) is for a canceled date, and \(order.refundedCents) of \(order.totalCents) were refunded"
                )
            }
            if let quote = purchase.told.quote, quote.totalCents != order.totalCents {
                problems.append("checkout \(id) was offered for \(quote.totalCents) and costs \(order.totalCents)")
            }
            if purchase.wasPromised, purchase.told.tickets.count != purchase.quantity {
                problems.append("checkout \(id) has \(purchase.told.tickets.count) of \(purchase.quantity) tickets")
            }
        case .soldOut, .canceled, .expired, .refunded:
            if kept != 0, !hasIncident {
                problems.append("checkout \(id) is \(state.rawValue), and \(kept) were kept")
            }
        case .refunding where hasIncident: break
        case .holding, .awaitingPayment, .paying, .confirming, .refunding:
            problems.append("checkout \(id) is \(state.rawValue) for ever")
        }
        return problems
    }
}
