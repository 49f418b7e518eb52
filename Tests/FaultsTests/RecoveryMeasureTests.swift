import Testing

@testable import Faults

@Suite("The time to recover")
struct RecoveryMeasureTests {
    private func measure(
        _ completions: [(Double, Double)], reference: Double = 10, beginning: Double = 10, next: Double = 30
    ) -> RecoveryMeasure {
        RecoveryMeasure(
            completions: completions.map { .init(begunAt: $0.0, completedAt: $0.1) }, reference: reference,
            beginning: beginning, next: next)
    }

    @Test("It ends with the first checkout that was begun after the fault, not with one that was under way")
    func begunAfter() {
        let measure = measure([(9, 11), (10.5, 14), (11, 13), (12, 20)])
        #expect(measure.seconds == 3)
    }

    @Test("It has no end when nothing completes any more")
    func never() {
        #expect(measure([(1, 2), (9, 12)]).seconds == nil)
    }

    @Test("The longest gap is that between completions around the fault")
    func gap() {
        #expect(measure([(8, 9), (9, 11), (12, 18), (18, 19), (28, 29)]).longestGap == 10)
        #expect(measure([(8, 9)]).longestGap == 21, "nothing until the next fault")
    }
}
