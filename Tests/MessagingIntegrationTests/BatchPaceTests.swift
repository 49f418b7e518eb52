import Testing

@testable import Messaging

@Suite("The pace of batches")
struct BatchPaceTests {
    @Test("A burst begins at once, then there is one batch for each interval")
    func burst() {
        var pace = BatchPace(at: .seconds(7))
        let waits = (0..<BatchPace.standardBurst + 2).map { _ in pace.begin(at: .seconds(7)) }
        #expect(waits.dropLast(2).allSatisfy { $0 == .zero })
        #expect(waits.suffix(2) == [BatchPace.standardInterval, BatchPace.standardInterval * 2])
    }

    @Test("A lane that is slower than its pace never waits")
    func slow() {
        var pace = BatchPace(at: .zero)
        var now = Duration.zero
        for _ in 0..<100 {
            now += BatchPace.standardInterval
            #expect(pace.begin(at: now) == .zero)
        }
    }

    @Test("A busy lane begins as many batches as its pace allows, and no time that it was busy itself is added")
    func busy() {
        var pace = BatchPace(at: .zero)
        var now = Duration.zero
        var begun = 0
        while now < .seconds(10) {
            now += pace.begin(at: now) + .milliseconds(7)
            begun += 1
        }
        let expected = Int(Duration.seconds(10) / BatchPace.standardInterval) + BatchPace.standardBurst
        #expect(abs(begun - expected) <= 1, "\(begun) of \(expected)")
    }

    @Test("What could not wait leaves no debt behind")
    func givenBack() {
        var pace = BatchPace(interval: .milliseconds(10), burst: 2, at: .zero)
        var now = Duration.zero
        // A gathering begins, is full after 6 ms, and the next one begins.
        for _ in 0..<1000 {
            _ = pace.begin(at: now)
            pace.giveBack()
            now += .milliseconds(6)
        }
        #expect(pace.isWhole(at: now))
        #expect((0..<3).map { _ in pace.begin(at: now) } == [.zero, .zero, .milliseconds(10)])
    }

    @Test("Rest restores the burst, and no more than that")
    func restored() {
        var pace = BatchPace(at: .zero)
        for _ in 0..<50 { _ = pace.begin(at: .zero) }
        let waits = (0..<BatchPace.standardBurst + 1).map { _ in pace.begin(at: .seconds(60)) }
        #expect(waits.filter { $0 == .zero }.count == BatchPace.standardBurst)
        #expect(waits.last == BatchPace.standardInterval)
    }
}
