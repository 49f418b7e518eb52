import Foundation

/// The processes that are frozen now, also in a file: whoever cleans up after a campaign that was killed must let them
/// go on, or they would never see the order to end.
actor FrozenProcesses {
    private let file: String
    private var victims: [Victim] = []

    init(file: String) {
        self.file = file
    }

    func freeze(_ victim: Victim) throws {
        victims.append(victim)
        // Noted first: a note too many does no harm.
        try write()
        try victim.signal(SIGSTOP)
    }

    /// Lets one go on, or all.
    func thaw(_ victim: Victim? = nil) {
        for frozen in victims where victim == nil || frozen == victim {
            // It may have been killed meanwhile, and then there is nothing to thaw.
            try? frozen.signal(SIGCONT)
        }
        victims.removeAll { victim == nil || $0 == victim }
        // What stays in the file by mistake is told to go on once more, which changes nothing.
        try? write()
    }

    private func write() throws {
        let lines = victims.map { "\($0.id)\t\($0.match)\n" }
        try lines.joined().write(toFile: file, atomically: true, encoding: .utf8)
    }
}
