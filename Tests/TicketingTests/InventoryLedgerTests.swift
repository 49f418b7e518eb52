import Contracts
import Foundation
import Testing

@testable import Ticketing

@Suite("The ledger of stock")
struct InventoryLedgerTests {
    private let occurrenceID = OccurrenceID(UUID())
    private let standing = TicketTypeID(UUID())
    private let seated = TicketTypeID(UUID())

    private func pool(_ ticketTypeID: TicketTypeID?, capacity: Int?, reserved: Int = 0, sold: Int = 0) -> InventoryPool
    {
        InventoryPool(
            id: InventoryPoolID(UUID()), organizationID: .example, occurrenceID: occurrenceID,
            ticketTypeID: ticketTypeID,
            capacity: capacity, reserved: reserved, sold: sold)
    }

    private func ledger(whole: Int?, standing: Int?, seated: Int?, reserved: Int = 0) -> InventoryLedger {
        InventoryLedger([
            pool(nil, capacity: whole, reserved: reserved), pool(self.standing, capacity: standing, reserved: reserved),
            pool(self.seated, capacity: seated),
        ])
    }

    private func standing(_ quantity: Int) -> [TicketQuantity] {
        [TicketQuantity(ticketTypeID: standing, quantity: quantity)]
    }

    @Test("A hold counts in the whole and in its types")
    func reserve() throws {
        var ledger = ledger(whole: 10, standing: 6, seated: nil)
        try ledger.reserve(
            standing(2) + [TicketQuantity(ticketTypeID: seated, quantity: 3)], at: occurrenceID)
        #expect(ledger.pool(occurrenceID)?.reserved == 5)
        #expect(ledger.pool(occurrenceID, standing)?.reserved == 2)
        #expect(ledger.pool(occurrenceID, seated)?.reserved == 3)
        #expect(ledger.pool(occurrenceID)?.available == 5)
        #expect(ledger.pool(occurrenceID, seated)?.available == nil)
    }

    @Test("The whole may be short although the type is not")
    func wholeShort() {
        var ledger = ledger(whole: 3, standing: 10, seated: nil)
        #expect(throws: InventoryShortage(ticketTypeID: nil, available: 3)) {
            try ledger.reserve(standing(4), at: occurrenceID)
        }
        #expect(ledger.changes.isEmpty)
    }

    @Test("A type may be short although the whole is not, and then nothing of the order is taken")
    func typeShort() {
        var ledger = ledger(whole: 100, standing: 1, seated: 50)
        #expect(throws: InventoryShortage(ticketTypeID: standing, available: 1)) {
            try ledger.reserve(
                [TicketQuantity(ticketTypeID: seated, quantity: 2)] + standing(2), at: occurrenceID)
        }
        #expect(ledger.changes.isEmpty)
    }

    @Test("Of 200 orders for one of 50 places, the first 50 are granted")
    func fiftyOfTwoHundred() {
        var ledger = ledger(whole: 50, standing: 80, seated: nil)
        let granted = (0..<200).map { _ in
            do {
                try ledger.reserve(standing(1), at: occurrenceID)
                return true
            } catch {
                return false
            }
        }
        #expect(granted == Array(repeating: true, count: 50) + Array(repeating: false, count: 150))
        #expect(ledger.changes.map(\.reserved) == [50, 50])
    }

    @Test("A sale moves reserved places to sold and leaves as many free as before")
    func sell() throws {
        var ledger = ledger(whole: 10, standing: 10, seated: nil, reserved: 4)
        try ledger.sell(standing(3), at: occurrenceID)
        #expect(ledger.pool(occurrenceID)?.reserved == 1)
        #expect(ledger.pool(occurrenceID)?.sold == 3)
        #expect(ledger.pool(occurrenceID)?.available == 6)
        #expect(ledger.changes.allSatisfy { $0.reserved == -3 && $0.sold == 3 })
    }

    @Test("What was held and released in one batch is no change")
    func noChange() throws {
        var ledger = ledger(whole: 10, standing: 10, seated: 10)
        try ledger.reserve(standing(2), at: occurrenceID)
        try ledger.release(standing(2), at: occurrenceID)
        #expect(ledger.changes.isEmpty)
    }

    @Test("More than is reserved can be neither sold nor released")
    func notReserved() {
        var ledger = ledger(whole: 10, standing: 10, seated: nil, reserved: 1)
        #expect(throws: InventoryError.self) { try ledger.sell(standing(2), at: occurrenceID) }
        #expect(throws: InventoryError.self) { try ledger.release(standing(2), at: occurrenceID) }
        #expect(ledger.changes.isEmpty)
    }

    @Test("An occurrence or a type without stock is a fault, not a refusal")
    func noPool() {
        var ledger = ledger(whole: 10, standing: 10, seated: nil)
        let other = OccurrenceID(UUID())
        #expect(throws: InventoryError.noPool(other, nil)) { try ledger.reserve(standing(1), at: other) }
        let unknown = TicketTypeID(UUID())
        #expect(throws: InventoryError.noPool(occurrenceID, unknown)) {
            try ledger.reserve([TicketQuantity(ticketTypeID: unknown, quantity: 1)], at: occurrenceID)
        }
    }

    @Test("Types turn when they or the whole run out, and when they come back")
    func turns() throws {
        var ledger = ledger(whole: 5, standing: 2, seated: nil)
        try ledger.reserve(standing(1), at: occurrenceID)
        #expect(ledger.turnedTicketTypes.isEmpty)
        try ledger.reserve(standing(1), at: occurrenceID)
        #expect(ledger.turnedTicketTypes.map(\.ticketTypeID) == [standing])
        try ledger.reserve([TicketQuantity(ticketTypeID: seated, quantity: 3)], at: occurrenceID)
        #expect(Set(ledger.turnedTicketTypes.map(\.ticketTypeID)) == [standing, seated])

        var full = self.ledger(whole: 2, standing: 2, seated: nil, reserved: 2)
        try full.release(standing(1), at: occurrenceID)
        #expect(Set(full.turnedTicketTypes.map(\.ticketTypeID)) == [standing, seated])
    }

    @Test("A refund takes sold places back, and never more than were sold")
    func takeBack() throws {
        var ledger = ledger(whole: 3, standing: 3, seated: nil)
        try ledger.reserve(standing(3), at: occurrenceID)
        try ledger.sell(standing(3), at: occurrenceID)
        try ledger.takeBack(standing(2), at: occurrenceID)
        #expect(ledger.pool(occurrenceID)?.sold == 1 && ledger.pool(occurrenceID, standing)?.sold == 1)
        #expect(ledger.changes.map(\.sold) == [1, 1])
        #expect(throws: InventoryError.self) { try ledger.takeBack(standing(2), at: occurrenceID) }
        #expect(ledger.pool(occurrenceID)?.sold == 1)
    }
}
