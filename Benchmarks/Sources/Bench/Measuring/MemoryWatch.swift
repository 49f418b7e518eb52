/// The highest memory of each process while a load runs.
final class MemoryWatch {
    private let processes: ProcessTable
    private(set) var highest: [String: ProcessTable.Memory] = [:]

    init(_ processes: ProcessTable) {
        self.processes = processes
    }

    func look() {
        for (name, memory) in processes.memory() {
            let earlier = highest[name] ?? memory
            highest[name] = ProcessTable.Memory(
                resident: max(earlier.resident, memory.resident), anonymous: max(earlier.anonymous, memory.anonymous))
        }
    }
}
