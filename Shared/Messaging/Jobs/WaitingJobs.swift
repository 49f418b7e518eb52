/// Claimed jobs that wait for a place, each kind in the order of arrival: thousands of one kind hold up no other.
struct WaitingJobs: Sendable {
    private struct Waiting: Sendable {
        /// Its place among all that wait.
        let number: Int
        let job: ClaimedJob
    }

    private var jobs: [String: ArraySlice<Waiting>] = [:]
    private var nextNumber = 0

    func count(of kind: String) -> Int { jobs[kind]?.count ?? 0 }

    mutating func append(_ claimed: [ClaimedJob]) {
        for job in claimed {
            jobs[job.kind, default: []].append(Waiting(number: nextNumber, job: job))
            nextNumber += 1
        }
    }

    /// Takes the job that has waited longest.
    /// - Parameter mayBegin: says for a kind which of its jobs may begin; nil for none.
    mutating func takeFirst(_ mayBegin: (_ kind: String) -> ((ClaimedJob) -> Bool)?) -> ClaimedJob? {
        var first: (kind: String, index: Int, number: Int)?
        for (kind, waiting) in jobs {
            guard let mayBegin = mayBegin(kind), let index = waiting.firstIndex(where: { mayBegin($0.job) }) else {
                continue
            }
            if first.map({ waiting[index].number < $0.number }) ?? true {
                first = (kind, index, waiting[index].number)
            }
        }
        guard let first else { return nil }
        // The first one goes without moving those behind it; with the last one the room that those before it took.
        defer { if count(of: first.kind) == 0 { jobs[first.kind] = nil } }
        return first.index == jobs[first.kind]?.startIndex
            ? jobs[first.kind]?.popFirst()?.job : jobs[first.kind]?.remove(at: first.index).job
    }

    /// Takes all that fulfil the condition, in the order of arrival.
    mutating func take(where isTaken: (ClaimedJob) -> Bool) -> [ClaimedJob] {
        var taken: [Waiting] = []
        for (kind, waiting) in jobs {
            let found = waiting.filter { isTaken($0.job) }
            guard !found.isEmpty else { continue }
            taken += found
            let left = waiting.filter { !isTaken($0.job) }
            jobs[kind] = left.isEmpty ? nil : left[...]
        }
        return taken.sorted { $0.number < $1.number }.map(\.job)
    }
}
