import Testing

@testable import Faults

@Suite("The schedule of faults")
struct FaultScheduleTests {
    private let services = ["gateway", "ticketing", "payments"]

    private func schedule(
        seed: UInt64 = 7, kinds: [FaultKind] = FaultKind.allCases, seconds: Int = 600
    ) -> FaultSchedule {
        FaultSchedule(kinds: kinds, services: services, seed: seed, seconds: seconds)
    }

    @Test("The same seed makes the same schedule, another seed another one")
    func repeatable() {
        #expect(schedule() == schedule())
        #expect(schedule() != schedule(seed: 8))
    }

    @Test("Faults never overlap, and each has its rest before the next")
    func apart() {
        let schedule = schedule(seconds: 1800)
        for (fault, next) in zip(schedule.faults, schedule.faults.dropFirst()) {
            #expect(next.at >= fault.endsAt + fault.kind.rest)
        }
        #expect(schedule.faults.allSatisfy { $0.endsAt + $0.kind.rest <= schedule.seconds })
    }

    @Test("Every kind has its turn, and every service is killed, before anything comes twice")
    func rounds() {
        let faults = schedule(seconds: 3600).faults
        let firstRound = faults.prefix(FaultKind.allCases.count - 1 + services.count)
        #expect(Set(firstRound.map(\.kind)) == Set(FaultKind.allCases))
        #expect(Set(firstRound.filter { $0.kind == .serviceKill }.map(\.service)) == Set(services))
    }

    @Test("Every service is frozen in its turn")
    func frozen() {
        let faults = schedule(kinds: [.serviceFreeze], seconds: 40 * 3 + FaultSchedule.warmUp).faults
        #expect(Set(faults.map(\.service)) == Set(services))
    }

    @Test("A time too short for any fault is made as long as the first one needs")
    func short() {
        let schedule = schedule(kinds: [.brokerKill], seconds: 10)
        #expect(schedule.faults.count == 1)
        #expect(schedule.seconds == FaultSchedule.warmUp + FaultKind.brokerKill.rest)
    }

    @Test("Whatever strikes a frozen process lasts longer than two heartbeats")
    func freezeOutlastsHeartbeats() {
        for kind in FaultKind.allCases where kind.rawValue.contains("freeze") { #expect(kind.seconds > 20) }
    }
}
