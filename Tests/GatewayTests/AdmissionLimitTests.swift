import Contracts
import Testing

@testable import Gateway

@Suite("How many checkouts may be under way")
struct AdmissionLimitTests {
    private static let rules = AdmissionLimit.Rules(target: .seconds(2), bounds: 16...1000)
    private static let other = OrganizationID(OrderID.example.rawValue.derived(for: "other"))

    /// A platform that finishes the oldest checkouts first, so many a second, before a crowd that always wants more.
    private struct Rush {
        var limit = AdmissionLimit(AdmissionLimitTests.rules, at: .zero)
        var now = Duration.zero
        private var owed = 0.0

        /// After how many seconds the next ones are told to try again.
        mutating func pauses(_ count: Int) -> Set<Int> {
            while limit.begin(of: .example, at: now) == nil {}
            return Set((0..<count).compactMap { _ in limit.begin(of: .example, at: now) })
        }

        /// - Parameters:
        ///   - throughput: what the platform finishes in a second.
        ///   - demand: how many try in a second.
        mutating func run(seconds: Int, throughput: Double, demand: Int) {
            for _ in 0..<seconds * 100 {
                now += .milliseconds(10)
                for _ in 0..<demand / 100 { _ = limit.begin(of: .example, at: now) }
                owed = min(owed + throughput / 100, Double(limit.underWay))
                while owed >= 1 {
                    limit.end(of: .example, hasSettled: true, at: now)
                    owed -= 1
                }
            }
        }
    }

    @Test("Up to the limit everybody is let in, and whoever ends makes room")
    func room() {
        var limit = AdmissionLimit(Self.rules, at: .zero)
        for _ in 0..<16 { #expect(limit.begin(of: .example, at: .zero) == nil) }
        #expect(limit.letThrough(.example, at: .zero) != nil)
        #expect(limit.begin(of: .example, at: .zero) != nil)
        #expect(limit.underWay == 16)
        limit.end(of: .example, hasSettled: false, at: .zero)
        // One place, one way through.
        #expect(limit.letThrough(.example, at: .zero) == nil)
        #expect(limit.letThrough(.example, at: .zero) != nil)
        #expect(limit.begin(of: .example, at: .zero) == nil)
    }

    @Test("Whoever was let through and never begins keeps nobody out for long")
    func neverBegins() {
        var limit = AdmissionLimit(Self.rules, at: .zero)
        #expect(limit.begin(of: .example, at: .zero) == nil)
        for _ in 0..<15 { #expect(limit.letThrough(.example, at: .zero) == nil) }
        #expect(limit.letThrough(.example, at: .milliseconds(900)) != nil)
        #expect(limit.letThrough(.example, at: .seconds(1)) == nil)
    }

    @Test("Others find some room beside one organisation's rush, but not without end")
    func fairness() {
        var limit = AdmissionLimit(Self.rules, at: .zero)
        for _ in 0..<20 { _ = limit.begin(of: .example, at: .zero) }
        #expect(limit.begin(of: Self.other, at: .zero) == nil)
        #expect(limit.begin(of: Self.other, at: .zero) != nil)
        for number in 0..<10 {
            _ = limit.begin(of: OrganizationID(OrderID.example.rawValue.derived(for: "\(number)")), at: .zero)
        }
        #expect(limit.underWay == 20)
    }

    @Test("In a rush the limit becomes what is finished in the target time, from below and from above")
    func follows() {
        var rush = Rush()
        rush.run(seconds: 8, throughput: 200, demand: 5000)
        #expect((380...420).contains(rush.limit.limit), "\(rush.limit.limit)")
        rush.run(seconds: 8, throughput: 50, demand: 5000)
        #expect((95...110).contains(rush.limit.limit), "\(rush.limit.limit)")
        rush.run(seconds: 8, throughput: 200, demand: 5000)
        #expect((380...420).contains(rush.limit.limit), "\(rush.limit.limit)")
    }

    @Test("The limit keeps its bounds, while nothing is finished and while very much is")
    func bounds() {
        var rush = Rush()
        rush.run(seconds: 10, throughput: 5000, demand: 20_000)
        #expect(rush.limit.limit == 1000)
        rush.run(seconds: 20, throughput: 0, demand: 1000)
        #expect(rush.limit.limit == 16)
    }

    @Test("While nobody is refused, little that is finished says nothing of what could be")
    func quiet() {
        var rush = Rush()
        rush.run(seconds: 8, throughput: 200, demand: 5000)
        rush.run(seconds: 10, throughput: 200, demand: 0)
        let limit = rush.limit.limit
        rush.run(seconds: 60, throughput: 200, demand: 100)
        #expect(rush.limit.limit == limit)
    }

    @Test("The more are refused, the later they are told to come back, and not all at the same time")
    func pauses() {
        var rush = Rush()
        rush.run(seconds: 5, throughput: 200, demand: 400)
        #expect(rush.pauses(20) == [1, 2])
        rush.run(seconds: 5, throughput: 200, demand: 2000)
        let pauses = rush.pauses(100)
        #expect(pauses.count >= 5 && pauses.allSatisfy { (4...12).contains($0) }, "\(pauses)")
        rush.run(seconds: 5, throughput: 1, demand: 5000)
        #expect(rush.pauses(100) == Set(10...20))
    }
}
