import Testing

@testable import Bench

@Suite("The search for the peak")
struct PeakSearchTests {
    private func search(_ rates: KeyValuePairs<Int, Double>) -> PeakSearch {
        let rateOf = Dictionary(uniqueKeysWithValues: rates.map { ($0.key, $0.value) })
        return PeakSearch(rates.map(\.key)) { .init(clients: $0, perSecond: rateOf[$0] ?? 0) }
    }

    @Test("The fastest number is taken, wherever it is")
    func fastest() {
        #expect(search([128: 262, 256: 301, 512: 280]).clients == 256)
        #expect(search([128: 262, 256: 250, 512: 240]).clients == 128)
        #expect(search([128: 262, 256: 301, 512: 302]).clients == 512)
    }

    @Test("Of those that are as fast the smallest is taken")
    func asFast() {
        #expect(search([128: 250, 256: 300, 512: 300]).clients == 256)
        #expect(search([128: 0, 256: 0, 512: 0]).clients == 128)
    }

    @Test("Each number is tried once, in the order given")
    func trials() {
        var tried: [Int] = []
        let search = PeakSearch(PeakSearch.numbers) {
            tried.append($0)
            return .init(clients: $0, perSecond: Double($0), comeBacks: tried.count)
        }
        #expect(tried == [128, 256, 512])
        #expect(search.trials.map(\.clients) == tried && search.trials.map(\.comeBacks) == [1, 2, 3])
        #expect(search.text("buyers") == "512 buyers, the fastest of 128, 256 and 512")
    }

    @Test("A number without an alternative is not tried")
    func only() {
        let single = PeakSearch([64]) {
            Issue.record("\($0) was tried")
            return .init(clients: $0, perSecond: 0)
        }
        for search in [single, PeakSearch(only: 64)] {
            #expect(search.clients == 64 && search.trials.isEmpty)
            #expect(search.text("scanners") == "64 scanners")
        }
    }

    @Test("A trial that fails ends the search")
    func failure() {
        #expect(throws: BenchError.self) {
            try PeakSearch([1, 2]) { _ in throw BenchError("pgbench is not there") }
        }
    }
}
