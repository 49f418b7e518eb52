import Contracts
import Foundation

@testable import Ticketing

/// An occurrence with two ticket types, and commands to hold some of them.
struct SaleSample {
    static let now = Timestamp.example

    let occurrenceID = OccurrenceID(UUID())
    let standing = TicketTypeID(UUID())
    let seated = TicketTypeID(UUID())

    var occurrence: OccurrenceOnSale { occurrence() }

    func occurrence(
        status: OccurrenceStatus = .scheduled, eventStatus: EventStatus = .active, isOrganizationActive: Bool = true,
        endAt: Timestamp = now + .seconds(3600)
    ) -> OccurrenceOnSale {
        OccurrenceOnSale(
            id: occurrenceID, organizationID: .example, eventID: .example, accountID: nil, status: status, endAt: endAt,
            eventStatus: eventStatus, isOrganizationActive: isOrganizationActive)
    }

    func type(
        _ id: TicketTypeID, price: Int = 2500, currency: Currency = .zar, isDisabled: Bool = false,
        from: Timestamp? = nil, until: Timestamp? = nil, quantities: ClosedRange<Int> = 1...10
    ) -> TicketTypeOnSale {
        TicketTypeOnSale(
            id: id, name: id == standing ? "Standing" : "Seated", priceCents: price, currency: currency,
            isDisabled: isDisabled, validFrom: from, validUntil: until, minQuantity: quantities.lowerBound,
            maxQuantity: quantities.upperBound)
    }

    func command(_ items: [(TicketTypeID, Int)]) -> HoldTickets {
        HoldTickets(
            checkoutID: .example, orderID: .example, occurrenceID: occurrenceID,
            items: items.map { OrderItem(ticketTypeID: $0.0, quantity: $0.1) }, buyer: .example,
            expiresAt: Self.now + .seconds(900))
    }

    func plan(
        _ items: [(TicketTypeID, Int)], at occurrence: OccurrenceOnSale? = nil, types: [TicketTypeOnSale]? = nil,
        now: Timestamp = now
    ) throws(HoldRejection) -> HoldPlan {
        let types = types ?? [type(standing), type(seated, price: 4000)]
        return try HoldPlan.make(
            for: command(items), at: occurrence ?? self.occurrence,
            ticketTypes: Dictionary(uniqueKeysWithValues: types.map { ($0.id, $0) }), now: now)
    }

    /// Why no plan is made; nil when one is.
    func rejection(
        _ items: [(TicketTypeID, Int)], at occurrence: OccurrenceOnSale? = nil, types: [TicketTypeOnSale]? = nil,
        now: Timestamp = now
    ) -> HoldRejection? {
        do throws(HoldRejection) {
            _ = try plan(items, at: occurrence, types: types, now: now)
            return nil
        } catch {
            return error
        }
    }
}
