import Contracts
import Foundation
import Testing

@testable import Coordinator

@Suite("What a checkout's draft must say")
struct StartCheckoutValidationTests {
    private func wrongFields(_ change: (inout CheckoutDraft) -> Void) -> [String] {
        var request = StartCheckout.example
        change(&request.draft)
        return (request.problem?.errors ?? []).map(\.field)
    }

    @Test("A complete draft is accepted, with and without the optional parts")
    func valid() {
        #expect(wrongFields { _ in }.isEmpty)
        #expect(
            wrongFields {
                $0.attendees = nil
                $0.payment = nil
                $0.buyer.familyName = nil
            }.isEmpty)
    }

    @Test("All wrong fields are named at once")
    func allAtOnce() {
        let fields = wrongFields {
            $0.items = [OrderItem(ticketTypeID: .example, quantity: 0)]
            $0.buyer = Buyer(email: "nobody", givenName: " ", familyName: nil)
            $0.attendees = nil
            $0.payment = PaymentInstrument(provider: "", token: String(repeating: "x", count: 256))
        }
        #expect(
            fields == ["items[0].quantity", "buyer.email", "buyer.given_name", "payment.provider", "payment.token"])
    }

    @Test("Each wrong part is named by its path")
    func paths() {
        #expect(wrongFields { $0.items = [] }.contains("items"))
        #expect(wrongFields { $0.attendees = Array(repeating: .example, count: 3) } == ["attendees"])
        #expect(wrongFields { $0.attendees?[0].givenName = "" } == ["attendees[0].given_name"])
        #expect(wrongFields { $0.attendees?[0].email = "a b@c" } == ["attendees[0].email"])
        #expect(wrongFields { $0.buyer.email = "a@b\r\nBcc: c@d" } == ["buyer.email"])
        #expect(wrongFields { $0.buyer.givenName = "Ada\nLovelace" } == ["buyer.given_name"])
    }

    @Test("Quantities that overflow are survived")
    func overflow() {
        let huge = OrderItem(ticketTypeID: .example, quantity: .max)
        #expect(wrongFields { $0.items = [huge, huge] }.isEmpty)
    }
}
