import Contracts
import Testing

@testable import Ticketing

@Suite("What statuses become by themselves and by wish")
struct StatusTests {
    private let start = Timestamp.example
    private var end: Timestamp { start + .seconds(3600) }

    @Test("An occurrence is in progress from its start and completed from its end")
    func progress() {
        for status in [OccurrenceStatus.scheduled, .confirmed] {
            #expect(status.progressed(startAt: start, endAt: end, at: start - .milliseconds(1)) == status)
            #expect(status.progressed(startAt: start, endAt: end, at: start) == .inProgress)
            #expect(status.progressed(startAt: start, endAt: end, at: end) == .completed)
        }
        #expect(OccurrenceStatus.inProgress.progressed(startAt: start, endAt: end, at: end) == .completed)
    }

    @Test("Completed and canceled are final", arguments: [OccurrenceStatus.completed, .canceled])
    func final(status: OccurrenceStatus) {
        #expect(status.progressed(startAt: start, endAt: end, at: start) == status)
        #expect(status.confirmed(sold: 100, minCapacity: 1) == status)
    }

    @Test("An occurrence is confirmed when its minimum is sold")
    func minimum() {
        #expect(OccurrenceStatus.scheduled.confirmed(sold: 4, minCapacity: 5) == .scheduled)
        #expect(OccurrenceStatus.scheduled.confirmed(sold: 5, minCapacity: 5) == .confirmed)
        #expect(OccurrenceStatus.inProgress.confirmed(sold: 5, minCapacity: 5) == .inProgress)
    }

    @Test("A ticket type is disabled before it is expired, and expired before it is sold out")
    func ticketType() {
        func status(_ isDisabled: Bool, _ validUntil: Timestamp?, _ isSoldOut: Bool) -> TicketTypeStatus {
            .derived(isDisabled: isDisabled, validUntil: validUntil, isSoldOut: isSoldOut, at: start)
        }
        #expect(status(true, start, true) == .disabled)
        #expect(status(false, start, true) == .expired)
        #expect(status(false, end, true) == .soldOut)
        #expect(status(false, nil, false) == .active)
    }

    @Test("An event is drafted, activated, paused and archived, and nothing else")
    func event() {
        let allowed: [EventStatus: Set<EventStatus>] = [
            .draft: [.draft, .active, .archived], .active: [.active, .paused, .archived],
            .paused: [.paused, .active, .archived], .archived: [.archived],
        ]
        for status in EventStatus.allCases {
            #expect(Set(EventStatus.allCases.filter { status.canBecome($0) }) == allowed[status])
        }
    }
}
