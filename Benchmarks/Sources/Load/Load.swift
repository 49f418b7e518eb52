import ArgumentParser
import AsyncHTTPClient
import Foundation
import Histogram
import NIOCore
import NIOFoundationCompat

/// A closed loop of buyers at one occurrence: each buys two tickets, waits until the checkout has settled, and buys again.
@main
struct Load: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Paid checkouts per second of two tickets each on one occurrence, the whole journey.")

    @Option(help: "The credentials that deploy/up wrote.")
    var credentials = ".local/credentials.json"

    @Option(help: "How many buyers buy at the same time.")
    var buyers = 64

    @Option(help: "How long to measure, in seconds.")
    var seconds = 20

    @Option(help: "How long to buy before the measuring begins, in seconds.")
    var warmUp = 5

    func run() async throws {
        let file = try JSONDecoder().decode(Credentials.self, from: Data(contentsOf: URL(filePath: credentials)))
        let client = HTTPClient(
            configuration: .init(
                timeout: .init(connect: .seconds(10), read: .seconds(60)),
                connectionPool: .init(idleTimeout: .seconds(60), concurrentHTTP1ConnectionsPerHostSoftLimit: buyers + 8)))
        do {
            let shop = Shop(client: client, gateway: file.gatewayURL, key: file.demo.key)
            try await measure(shop, try await shop.openSale())
        } catch {
            try await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }

    private func measure(_ shop: Shop, _ sale: Shop.Sale) async throws {
        let begin = ContinuousClock.now + .seconds(warmUp)
        let end = begin + .seconds(seconds)
        let results = try await withThrowingTaskGroup(of: Tally.self) { group in
            for buyer in 0..<buyers {
                group.addTask {
                    var tally = Tally()
                    while ContinuousClock.now < end {
                        let started = ContinuousClock.now
                        let state = try await shop.buy(sale, buyer: buyer)
                        let finished = ContinuousClock.now
                        if started >= begin, finished <= end { tally.add(state, took: finished - started) }
                    }
                    return tally
                }
            }
            return try await group.reduce(into: Tally()) { $0.add($1) }
        }
        results.report(seconds: seconds, buyers: buyers)
    }
}

struct Credentials: Decodable {
    struct Demo: Decodable {
        var key: String
    }

    var gatewayURL: String
    var demo: Demo

    enum CodingKeys: String, CodingKey {
        case demo
        case gatewayURL = "gateway_url"
    }
}

/// How checkouts ended, and how long they took.
struct Tally {
    private var states: [String: Int] = [:]
    /// Microseconds.
    private var durations = Histogram<UInt64>(numberOfSignificantValueDigits: .three)

    mutating func add(_ state: String, took duration: Duration) {
        states[state, default: 0] += 1
        let (seconds, attoseconds) = duration.components
        durations.record(UInt64(seconds * 1_000_000 + attoseconds / 1_000_000_000_000))
    }

    mutating func add(_ other: Tally) {
        states.merge(other.states) { $0 + $1 }
        durations.add(other.durations)
    }

    func report(seconds: Int, buyers: Int) {
        let completed = states["completed"] ?? 0
        let rate = Double(completed) / Double(seconds)
        print("buyers \(buyers), \(seconds) s, \(ProcessInfo.processInfo.processorCount) cores, one occurrence")
        print("checkouts/s \(rate.formatted(.number.precision(.fractionLength(1)))), tickets/s \((2 * rate).formatted(.number.precision(.fractionLength(1))))")
        for percentile in [50.0, 95, 99] {
            let value = Double(durations.valueAtPercentile(percentile)) / 1000
            print("p\(Int(percentile)) \(value.formatted(.number.precision(.fractionLength(1)))) ms")
        }
        print("max \(Double(durations.max) / 1000) ms")
        for (state, count) in states.sorted(by: { $0.key < $1.key }) { print("\(state) \(count)") }
    }
}
