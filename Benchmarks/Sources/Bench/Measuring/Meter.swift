/// Keeps account of what a load costs: set up before the load runs, asked when all that it caused is done.
final class Meter {
    private let bench: Workbench
    private let memory: MemoryWatch
    private let begin: Snapshot
    private var cpuFrom: [String: Double] = [:]
    private var cpuTo: [String: Double] = [:]
    private var seconds = 1.0

    /// Takes the first reading.
    init(_ bench: Workbench) throws {
        self.bench = bench
        memory = MemoryWatch(bench.processes)
        begin = try Snapshot(bench)
    }

    /// Reads the processes when the counted part of the load begins and ends, and their memory meanwhile.
    func watch(_ period: Load.Period) {
        let (bench, memory) = (bench, memory)
        bench.reactor.everySecond = { memory.look() }
        bench.reactor.schedule(at: period.countedFrom) { self.cpuFrom = bench.processes.cpu() }
        bench.reactor.schedule(at: period.end) {
            self.cpuTo = bench.processes.cpu()
            memory.look()
            bench.reactor.everySecond = {}
        }
        seconds = period.seconds
    }

    /// - Parameters:
    ///   - counted: how many orders were confirmed in the counted part.
    ///   - all: how many in all.
    ///   - unit: what is counted, in the singular.
    func cost(counted: Int, all: Int, unit: String) throws -> Cost {
        Cost(
            loaded: .init(cpu: cpuTo.since(cpuFrom), seconds: seconds, count: counted),
            whole: .init(from: begin, to: try Snapshot(bench), count: all), memory: memory.highest, unit: unit)
    }
}
