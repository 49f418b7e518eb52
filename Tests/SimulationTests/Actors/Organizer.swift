import Contracts
import Foundation

/// Sets up an event, and may cancel one of its dates.
@SimulationActor
final class Organizer: Actor {
    private var subscribers: [Subscriber] = []

    /// Opens the sale of a small event.
    func openSale() async -> Offer? {
        let eventID = id(EventID.self)
        var draft = EventDraft(name: "Event \(number(in: 1...1_000_000))")
        if chance(0.7) { draft.maxCapacity = number(in: 2...25) }
        guard await insist(on: CreateEvent(eventID: eventID, draft: draft)) != nil else { return nil }
        var ticketTypeIDs: [TicketTypeID] = []
        for number in 1...number(in: 1...3) {
            var draft = TicketTypeDraft(
                name: "Type \(number)", priceCents: chance(0.12) ? 0 : self.number(in: 1...90) * 100)
            if chance(0.5) { draft.quantityAvailable = self.number(in: 1...12) }
            let ticketTypeID = id(TicketTypeID.self)
            if await insist(on: CreateTicketType(ticketTypeID: ticketTypeID, eventID: eventID, draft: draft)) != nil {
                ticketTypeIDs.append(ticketTypeID)
            }
        }
        guard await insist(on: ActivateEvent(eventID: eventID)) != nil else { return nil }
        var occurrenceIDs: [OccurrenceID] = []
        for _ in 1...number(in: 1...2) {
            let startAt = simulation.now + .seconds(number(in: 600...7200))
            let occurrenceID = id(OccurrenceID.self)
            let draft = OccurrenceDraft(
                startAt: startAt, endAt: startAt + .seconds(7200), timezone: "Africa/Johannesburg",
                admissionOpensAt: simulation.now + .seconds(number(in: 1...20)))
            let request = CreateOccurrence(occurrenceID: occurrenceID, eventID: eventID, draft: draft)
            if await insist(on: request) != nil { occurrenceIDs.append(occurrenceID) }
        }
        for _ in 0..<number(in: 0...2) {
            if let subscriber = await Subscriber(for: self) { subscribers.append(subscriber) }
        }
        guard !ticketTypeIDs.isEmpty, !occurrenceIDs.isEmpty else { return nil }
        return Offer(
            organizationID: organizationID, eventID: eventID, occurrenceIDs: occurrenceIDs,
            ticketTypeIDs: ticketTypeIDs)
    }

    /// Lets things run, or cancels a date of them.
    func look(after offer: Offer) async {
        for subscriber in subscribers { await subscriber.meddle() }
        guard simulation.answers(CancelOccurrence.name), chance(0.2),
            let occurrenceID = offer.occurrenceIDs.randomElement(using: &simulation.random)
        else { return }
        await rest(1000...90_000)
        _ = await insist(on: CancelOccurrence(occurrenceID: occurrenceID, reason: "The artist is ill."))
        for _ in 0..<20 {
            await rest(5000...20_000)
            let progress = await insist(on: GetCancellation(occurrenceID: occurrenceID))
            if let progress, progress.state != .refunding { return }
        }
    }
}
