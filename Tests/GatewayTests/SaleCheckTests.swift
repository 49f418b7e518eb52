import Contracts
import Testing

@testable import Gateway

@Suite("Whether what a buyer asks for is on sale")
struct SaleCheckTests {
    private let now = Timestamp.example

    private func availability(_ change: (inout Availability) -> Void = { _ in }) -> Availability {
        var availability = Availability.example
        availability.ticketTypes[0].validFrom = nil
        availability.ticketTypes[0].validUntil = nil
        change(&availability)
        return availability
    }

    private func draft(_ quantities: Int...) -> CheckoutDraft {
        var draft = CheckoutDraft.example
        draft.items = quantities.map { OrderItem(ticketTypeID: .example, quantity: $0) }
        return draft
    }

    private func refusal(_ draft: CheckoutDraft, _ change: (inout Availability) -> Void = { _ in }) -> Problem? {
        SaleCheck.refusal(of: draft, given: availability(change), at: now)
    }

    @Test("What is on sale passes, also when nothing is left of it: only the hold can tell")
    func onSale() {
        #expect(refusal(draft(2)) == nil)
        #expect(
            refusal(draft(2)) {
                $0.available = 0
                $0.ticketTypes[0].available = 0
                $0.ticketTypes[0].status = .soldOut
            } == nil)
        #expect(refusal(draft(2)) { $0.occurrenceStatus = .inProgress } == nil)
    }

    @Test(
        "Too few places are a shortage, of the occurrence or of a ticket type, all items together; uncounted ones are not"
    )
    func shortage() {
        func isShort(_ draft: CheckoutDraft, _ change: (inout Availability) -> Void) -> Bool {
            let problem = SaleCheck.shortage(for: draft, given: availability(change))
            #expect(problem == nil || problem?.slug == .soldOut)
            return problem != nil
        }
        #expect(isShort(draft(1)) { $0.available = 0 })
        #expect(isShort(draft(2, 2)) { $0.available = 3 })
        #expect(!isShort(draft(2, 2)) { $0.available = 4 })
        #expect(isShort(draft(2, 2)) { $0.ticketTypes[0].available = 3 })
        #expect(!isShort(draft(2, 2)) { $0.ticketTypes[0].available = 4 })
        #expect(
            !isShort(draft(1)) {
                $0.available = nil
                $0.ticketTypes[0].available = nil
            })
    }

    @Test("A ticket type of another event and a quantity outside of the limits are wrong fields")
    func fields() throws {
        var foreign = draft(1, 1)
        foreign.items[1].ticketTypeID = TicketTypeID(OrderID.example.rawValue.derived(for: "other"))
        let unknown = try #require(refusal(foreign))
        #expect(unknown.slug == .validationFailed)
        #expect(unknown.errors?.map(\.field) == ["items[1].ticket_type_id"])
        #expect(refusal(draft(11))?.errors?.map(\.field) == ["items[0].quantity"])
        #expect(refusal(draft(1)) { $0.ticketTypes[0].minQuantity = 2 }?.errors?.map(\.field) == ["items[0].quantity"])
    }

    @Test("A ticket type's limits hold for all of its items together")
    func sum() {
        #expect(refusal(draft(5, 5)) == nil)
        #expect(refusal(draft(6, 5))?.slug == .validationFailed)
    }

    @Test("Sales are closed by the event, the occurrence, the ticket type, and time")
    func closed() {
        #expect(refusal(draft(1)) { $0.eventStatus = .draft }?.slug == .salesClosed)
        #expect(refusal(draft(1)) { $0.eventStatus = .paused }?.slug == .salesClosed)
        #expect(refusal(draft(1)) { $0.occurrenceStatus = .canceled }?.slug == .salesClosed)
        #expect(refusal(draft(1)) { $0.occurrenceStatus = .completed }?.slug == .salesClosed)
        #expect(refusal(draft(1)) { $0.ticketTypes[0].status = .disabled }?.slug == .salesClosed)
        #expect(refusal(draft(1)) { $0.ticketTypes[0].status = .expired }?.slug == .salesClosed)
        #expect(refusal(draft(1)) { $0.ticketTypes[0].validFrom = now + .milliseconds(1) }?.slug == .salesClosed)
        #expect(refusal(draft(1)) { $0.ticketTypes[0].validFrom = now } == nil)
        #expect(refusal(draft(1)) { $0.ticketTypes[0].validUntil = now }?.slug == .salesClosed)
        #expect(refusal(draft(1)) { $0.ticketTypes[0].validUntil = now + .milliseconds(1) } == nil)
    }
}

@Suite("Shape of a checkout's draft")
struct CheckoutDraftCheckTests {
    private func wrong(_ change: (inout CheckoutDraft) -> Void) -> [String] {
        var draft = CheckoutDraft.example
        change(&draft)
        return draft.fieldErrors.map(\.field)
    }

    @Test("A complete draft is right, with and without the optional parts")
    func right() {
        #expect(wrong { _ in }.isEmpty)
        #expect(
            wrong {
                $0.attendees = nil
                $0.payment = nil
                $0.buyer.familyName = nil
            }.isEmpty)
    }

    @Test("All wrong fields are named at once, by their paths")
    func wrongFields() {
        let fields = wrong {
            $0.items = [
                OrderItem(ticketTypeID: .example, quantity: 0), OrderItem(ticketTypeID: .example, quantity: 101),
            ]
            $0.buyer = Buyer(email: "nobody", givenName: " ", familyName: "a\nb")
            $0.attendees = [AttendeeDraft(email: "a b@c", givenName: "")]
            $0.payment = PaymentInstrument(provider: "", token: String(repeating: "x", count: 256))
        }
        #expect(
            fields == [
                "items[0].quantity", "items[1].quantity", "buyer.email", "buyer.given_name", "buyer.family_name",
                "attendees[0].email", "attendees[0].given_name", "payment.provider", "payment.token",
            ])
        #expect(wrong { $0.items = [] } == ["items", "attendees"])
        #expect(wrong { $0.buyer.email = "a@b\r\nBcc: c@d" } == ["buyer.email"])
        #expect(wrong { $0.attendees = Array(repeating: .example, count: 3) } == ["attendees"])
    }

    @Test("Quantities that overflow are survived")
    func overflow() {
        let huge = OrderItem(ticketTypeID: .example, quantity: .max)
        #expect(wrong { $0.items = [huge, huge] } == ["items[0].quantity", "items[1].quantity"])
    }

    @Test("What the endpoint refuses, the documented schema refuses, and the other way round")
    func sameAsSchema() {
        let drafts: [(inout CheckoutDraft) -> Void] = [
            { _ in }, { $0.items[0].quantity = 0 }, { $0.items[0].quantity = 101 }, { $0.items = [] },
            { $0.buyer.email = "nobody" }, { $0.buyer.email = "a@b@c" }, { $0.buyer.email = "a b@c" },
            { $0.buyer.givenName = "" }, { $0.buyer.givenName = "\t" }, { $0.buyer.givenName = "A\nB" },
            { $0.buyer.givenName = String(repeating: "x", count: 201) }, { $0.buyer.familyName = "" },
            { $0.payment?.token = "" }, { $0.payment?.token = String(repeating: "x", count: 255) },
        ]
        for change in drafts {
            var draft = CheckoutDraft.example
            draft.attendees = nil
            change(&draft)
            let bySchema = SchemaCheck.errors(in: .encoding(draft), schema: Schema.checkoutDraft.json)
            #expect(Set(bySchema.map(\.field)) == Set(draft.fieldErrors.map(\.field)), "\(draft)")
        }
    }
}
