import Contracts
import Foundation
import Testing

@testable import Ticketing

@Suite("The rows of a hold")
struct NewOrderTests {
    private let sample = SaleSample()

    private func order(attendees: [AttendeeDraft]?) throws -> NewOrder {
        var command = sample.command([(sample.standing, 2), (sample.seated, 1)])
        command.attendees = attendees
        let plan = try sample.plan([(sample.standing, 2), (sample.seated, 1)])
        var code = 0
        return NewOrder(
            command, plan: plan, at: sample.occurrence, makeID: { TicketID(UUID()) },
            makeAttendeeID: { AttendeeID(UUID()) },
            makeCode: {
                code += 1
                return "CODE\(code)"
            })
    }

    @Test("Tickets without a named holder are the buyer's, who is one attendee")
    func buyerOnly() throws {
        let order = try order(attendees: nil)
        #expect(order.attendees.count == 1)
        #expect(order.attendeeIndices == [0, 0, 0])
        #expect(order.order.tickets.map(\.holderName) == Array(repeating: "Ada Lovelace", count: 3))
        #expect(order.order.tickets.map(\.publicID) == ["CODE1", "CODE2", "CODE3"])
        #expect(order.order.tickets.map(\.priceCents) == [2500, 2500, 4000])
    }

    @Test("Named holders come first, in the order of the items; the rest is the buyer's")
    func namedFirst() throws {
        let order = try order(attendees: [AttendeeDraft(email: "grace@example.org", givenName: "Grace")])
        #expect(order.order.tickets.map(\.holderName) == ["Grace", "Ada Lovelace", "Ada Lovelace"])
        #expect(order.attendeeIndices == [0, 1, 1])
        #expect(order.attendees.map(\.email) == ["grace@example.org", "ada@example.org"])
    }

    @Test("A holder without an address is written to at the buyer's, and more holders than tickets are left out")
    func addresses() throws {
        let names = ["Grace", "Edsger", "Barbara", "Tony"].map { AttendeeDraft(givenName: $0) }
        let order = try order(attendees: names)
        #expect(order.attendees.map(\.name) == ["Grace", "Edsger", "Barbara"])
        #expect(order.attendees.map(\.email) == Array(repeating: "ada@example.org", count: 3))
    }
}
