import Foundation

/// The prepared platform with what every scenario needs to load and to measure it.
final class Workbench {
    let installation: Installation
    let options: Options
    let reactor: Reactor
    let outside: OutsideWorld
    let gateway: Gateway
    let postgres: PostgresServer
    let processes: ProcessTable
    private var seed: UInt64
    /// Memory before any load.
    let memoryIdle: [String: ProcessTable.Memory]

    /// What the person who runs it has chosen.
    struct Options {
        /// Seconds that count.
        var seconds: Double
        var warmUp: Double
        var seed: UInt64
        /// Clients of a closed loop; nil for ``usualClients``, and for as many as are fastest where the peak is looked for.
        var clients: Int?
        static let usualClients = 128

        /// How many tickets are to be in the databases, one measurement each.
        var growth: [Int]
        /// The reports of the same scenario with fewer processes.
        var earlier: [String]
    }

    init(_ installation: Installation, _ options: Options) throws {
        self.installation = installation
        self.options = options
        reactor = try Reactor()
        outside = try OutsideWorld(reactor.poller, mailPort: installation.mailPort)
        gateway = Gateway(reactor, port: installation.gatewayPorts[0], seed: options.seed)
        postgres = PostgresServer(database: installation.database)
        processes = try ProcessTable(installation)
        seed = options.seed
        memoryIdle = processes.memory()
    }

    /// Another seed for each load of the run, the same ones in each run with the same seed.
    func nextSeed() -> UInt64 {
        seed &+= 1
        return seed &* 1_000_003
    }

    /// A shop whose webhooks come to the generator.
    func openShop(_ slug: String) throws -> Shop {
        try Shop.open(
            gateway, platformKey: installation.platformKey, slug: "\(slug)-\(nextSeed())",
            webhookPort: outside.webhookPort)
    }

    /// Clients of a closed loop that is to be the same with every platform.
    var clients: Int { options.clients ?? Options.usualClients }

    /// A closed loop for the time that was chosen.
    /// - Parameters:
    ///   - clients: ``clients`` unless given.
    ///   - rest: seconds between an answer and the next request of the same client.
    func closedLoop(
        _ workload: any Workload, clients: Int? = nil, rest: Double = 0, warmUp: Double? = nil, seconds: Double? = nil
    ) -> Load {
        load(workload, .closed(clients: clients ?? self.clients, rest: rest), warmUp, seconds)
    }

    /// An open loop for the time that was chosen.
    /// - Parameter rate: requests per second on average.
    func openLoop(
        _ workload: any Workload, rate: Double, connections: Int = 4000, warmUp: Double? = nil, seconds: Double? = nil
    ) -> Load {
        load(workload, .open(rate: rate, connections: connections), warmUp, seconds)
    }

    private func load(_ workload: any Workload, _ pace: Load.Pace, _ warmUp: Double?, _ seconds: Double?) -> Load {
        Load(
            workload, pace: pace,
            period: .now(warmUp: warmUp ?? options.warmUp, counted: seconds ?? options.seconds), poller: reactor.poller,
            ports: installation.gatewayPorts, seed: nextSeed())
    }

    /// Tells the person who waits.
    func say(_ text: String) {
        print("    \(text)")
        fflush(nil)
    }

    /// Waits until mails and webhooks are out and nothing is left to be sent, in any service.
    /// - Returns: whether that was so within the time.
    func drain(atMost seconds: Double = 600) throws -> Bool {
        let end = MonotonicClock.now + MonotonicClock.nanoseconds(seconds)
        while MonotonicClock.now < end {
            if try postgres.unfinished(["notifications"]) == 0, try postgres.unfinished(Installation.services) == 0,
                try BrokerCounters(reactor, port: installation.broker.metricsPort).waiting == 0
            {
                return true
            }
            reactor.idle(0.25)
        }
        return false
    }
}
