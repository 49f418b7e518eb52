import Contracts
import Testing

@testable import Payments

@Suite("Asking after a charge")
struct ChargePersistenceTests {
    private let persistence = ChargePersistence(abandonAfter: .seconds(300))
    private let charge = ChargeRecord.sample(.pending)

    @Test("The pauses double from one second to sixty and stay there")
    func delays() {
        let seconds = (0..<9).map { ChargePersistence.delay(round: $0) }
        #expect(seconds == [1, 2, 4, 8, 16, 32, 60, 60, 60].map { .seconds($0) })
        #expect(ChargePersistence.delay(round: .max) == .seconds(60))
    }

    @Test("A charge that has ended is not asked after", arguments: [ChargeState.succeeded, .failed])
    func ended(status: ChargeState) {
        let followUp = persistence.followUp(to: .unknown, of: .sample(status), round: 0, at: .example)
        #expect(followUp == .none)
    }

    @Test(
        "A charge the provider may have is asked after, for ever",
        arguments: [ChargeVerdict.unknown, .pending(reference: nil)])
    func inquiry(verdict: ChargeVerdict) {
        let yearLater = charge.holdExpiresAt + .seconds(365 * 86_400)
        let first = persistence.followUp(to: verdict, of: charge, round: 0, at: .example)
        #expect(first == .inquire(after: .seconds(1)))
        let hundredth = persistence.followUp(to: verdict, of: charge, round: 99, at: yearLater)
        #expect(hundredth == .inquire(after: .seconds(60)))
    }

    @Test(
        "A charge the provider does not have is ordered again until it is abandoned",
        arguments: [ChargeVerdict.absent, .unavailable])
    func orderedAgain(verdict: ChargeVerdict) {
        let abandonAt = charge.holdExpiresAt + .seconds(300)
        let before = abandonAt - .milliseconds(1)
        #expect(persistence.followUp(to: verdict, of: charge, round: 2, at: before) == .chargeAgain(after: .seconds(4)))
        #expect(persistence.followUp(to: verdict, of: charge, round: 2, at: abandonAt) == .inquire(after: .seconds(4)))
    }
}
