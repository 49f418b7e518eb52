import Contracts

/// What is going to happen, in the order of time; things of one instant in the order in which they were put down.
struct Agenda<Action> {
    private struct Entry {
        let time: Timestamp
        let number: UInt64
        let action: Action

        func isBefore(_ other: Entry) -> Bool {
            time == other.time ? number < other.number : time < other.time
        }
    }

    /// A binary heap.
    private var entries: [Entry] = []
    private var lastNumber: UInt64 = 0

    var count: Int { entries.count }

    mutating func add(_ action: Action, at time: Timestamp) {
        lastNumber += 1
        entries.append(Entry(time: time, number: lastNumber, action: action))
        var index = entries.count - 1
        while index > 0, entries[index].isBefore(entries[(index - 1) / 2]) {
            entries.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    mutating func takeFirst() -> (time: Timestamp, action: Action)? {
        guard let first = entries.first else { return nil }
        let last = entries.removeLast()
        guard !entries.isEmpty else { return (first.time, first.action) }
        entries[0] = last
        var index = 0
        while true {
            var smallest = index
            for child in [2 * index + 1, 2 * index + 2]
            where child < entries.count && entries[child].isBefore(entries[smallest]) {
                smallest = child
            }
            guard smallest != index else { break }
            entries.swapAt(index, smallest)
            index = smallest
        }
        return (first.time, first.action)
    }
}
