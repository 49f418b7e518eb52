import Testing

@testable import Faults

@Suite("The plan of the load")
struct LoadPlanTests {
    private func plan(
        seed: UInt64 = 7, abilities: LoadPlan.Abilities = .init(refunds: true, cancellations: true)
    ) -> LoadPlan {
        LoadPlan(seed: seed, rate: 5, seconds: 200, abilities: abilities)
    }

    @Test("The same seed makes the same load")
    func repeatable() {
        #expect(plan() == plan())
        #expect(plan() != plan(seed: 8))
    }

    @Test("It begins operations at a steady rate, of every kind and token")
    func mix() {
        let operations = plan().operations
        #expect(operations.count == 1001)
        #expect(operations[10].at == 2)
        #expect(Set(operations.map(\.kind)) == Set(OperationKind.allCases))
        #expect(
            Set(operations.compactMap(\.token))
                == ["tok_ok", "tok_lost", "tok_async", "tok_unavailable", "tok_declined"])
        #expect(Set(operations.map(\.id)).count == operations.count)
    }

    @Test("It asks only for what the platform can do")
    func abilities() {
        let operations = plan(abilities: .init()).operations
        #expect(operations.allSatisfy { ![.refund, .cancellation].contains($0.kind) && !$0.isForCanceledOccurrence })
    }
}
