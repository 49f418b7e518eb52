import Contracts
import Foundation
import Testing

@testable import Ticketing

@Suite("Which holds may be granted")
struct HoldPlanTests {
    private let sample = SaleSample()

    @Test("Items of one type are merged, and the quote adds up at the prices of the moment")
    func quote() throws {
        let plan = try sample.plan([(sample.standing, 2), (sample.seated, 1), (sample.standing, 3)])
        #expect(
            plan.quantities == [
                TicketQuantity(ticketTypeID: sample.standing, quantity: 5),
                TicketQuantity(ticketTypeID: sample.seated, quantity: 1),
            ])
        #expect(plan.quote.lines.map(\.totalCents) == [12_500, 4000])
        #expect(plan.quote.totalCents == 16_500)
        #expect(plan.quote.currency == .zar)
    }

    @Test("An unknown occurrence is not found")
    func unknownOccurrence() {
        let error = #expect(throws: HoldRejection.self) {
            try HoldPlan.make(
                for: sample.command([(sample.standing, 1)]), at: nil, ticketTypes: [:], now: SaleSample.now)
        }
        #expect(error?.reason == .notFound)
    }

    @Test("Only active events sell", arguments: EventStatus.allCases)
    func eventStatus(status: EventStatus) {
        let rejection = sample.rejection([(sample.standing, 1)], at: sample.occurrence(eventStatus: status))
        #expect(rejection?.reason == (status == .active ? nil : .salesClosed))
    }

    @Test("Occurrences sell until they are over or canceled", arguments: OccurrenceStatus.allCases)
    func occurrenceStatus(status: OccurrenceStatus) {
        let rejection = sample.rejection([(sample.standing, 1)], at: sample.occurrence(status: status))
        #expect(rejection?.reason == (OccurrenceStatus.live.contains(status) ? nil : .salesClosed))
    }

    @Test("An occurrence does not sell from its end on, whatever its status says yet")
    func ended() {
        let end = SaleSample.now
        #expect(sample.rejection([(sample.standing, 1)], at: sample.occurrence(endAt: end))?.reason == .salesClosed)
        #expect(sample.rejection([(sample.standing, 1)], at: sample.occurrence(endAt: end + .milliseconds(1))) == nil)
    }

    @Test("A suspended organisation does not sell")
    func inactiveOrganization() {
        let occurrence = sample.occurrence(isOrganizationActive: false)
        #expect(sample.rejection([(sample.standing, 1)], at: occurrence)?.reason == .salesClosed)
    }

    @Test("A hold that would be over before it began is not granted")
    func overdue() {
        let end = SaleSample.now + .seconds(900)
        #expect(sample.rejection([(sample.standing, 1)], now: end)?.reason == .salesClosed)
        #expect(sample.rejection([(sample.standing, 1)], now: end - .milliseconds(1)) == nil)
    }

    @Test("A ticket type sells within its window, the first instant included and the last not")
    func window() {
        let from = SaleSample.now
        let until = from + .seconds(60)
        let types = [sample.type(sample.standing, from: from, until: until)]
        func reason(_ now: Timestamp) -> HoldRefusal? {
            sample.rejection([(sample.standing, 1)], types: types, now: now)?.reason
        }
        #expect(reason(from - .milliseconds(1)) == .salesClosed)
        #expect(reason(from) == nil)
        #expect(reason(until - .milliseconds(1)) == nil)
        #expect(reason(until) == .salesClosed)
    }

    @Test("A disabled ticket type does not sell")
    func disabled() {
        let types = [sample.type(sample.standing, isDisabled: true)]
        #expect(sample.rejection([(sample.standing, 1)], types: types)?.reason == .salesClosed)
    }

    @Test("A ticket type of another event is refused")
    func foreignType() {
        #expect(sample.rejection([(TicketTypeID(UUID()), 1)])?.reason == .invalidItems)
    }

    @Test("Two currencies in one order are refused")
    func twoCurrencies() {
        let types = [sample.type(sample.standing), sample.type(sample.seated, currency: .eur)]
        #expect(sample.rejection([(sample.standing, 1), (sample.seated, 1)], types: types)?.reason == .invalidItems)
        #expect(sample.rejection([(sample.seated, 1)], types: types) == nil)
    }

    @Test("Quantities keep within the type's limits, counted over all items of the type")
    func limits() {
        let types = [sample.type(sample.standing, quantities: 2...4)]
        func reason(_ quantities: Int...) -> HoldRefusal? {
            sample.rejection(quantities.map { (sample.standing, $0) }, types: types)?.reason
        }
        #expect(reason(1) == .invalidItems)
        #expect(reason(2) == nil)
        #expect(reason(1, 1) == nil)
        #expect(reason(4) == nil)
        #expect(reason(3, 2) == .invalidItems)
    }

    @Test("An order has 1 to 100 tickets, and no quantity overflows", arguments: [0, -1, 101, Int.max, Int.min])
    func size(quantity: Int) {
        let types = [sample.type(sample.standing, quantities: 1...100)]
        #expect(sample.rejection([(sample.standing, quantity)], types: types)?.reason == .invalidItems)
        #expect(sample.rejection([(sample.standing, 50), (sample.standing, quantity)], types: types) != nil)
        #expect(sample.rejection([(sample.standing, 50), (sample.standing, 50)], types: types) == nil)
        #expect(sample.rejection([])?.reason == .invalidItems)
    }

    @Test("Names that the database cannot keep are refused, not retried")
    func unstorableName() {
        var command = sample.command([(sample.standing, 1)])
        command.attendees = [AttendeeDraft(givenName: "A\0da")]
        let error = #expect(throws: HoldRejection.self) {
            try HoldPlan.make(
                for: command, at: sample.occurrence, ticketTypes: [sample.standing: sample.type(sample.standing)],
                now: SaleSample.now)
        }
        #expect(error?.reason == .invalidItems)
    }

    @Test(
        "A shortage says what is left",
        arguments: [
            (0, nil, "No places are left."), (1, nil, "Only 1 place is left."), (3, nil, "Only 3 places are left."),
            (0, "VIP", "No tickets \"VIP\" are left."), (1, "VIP", "Only 1 ticket \"VIP\" is left."),
        ] as [(Int, String?, String)])
    func shortage(available: Int, name: String?, words: String) {
        let rejection = HoldRejection(
            InventoryShortage(ticketTypeID: nil, available: available), ticketTypeName: name)
        #expect(rejection.reason == .soldOut)
        #expect(rejection.detail == words)
    }
}
