/// One thing to measure. The names are those of the command line.
enum Scenario: String, CaseIterable {
    case hot, spread
    case sellOut = "sell-out"
    case gate, browse, idle, growth, scale

    /// Runs it against the prepared platform.
    func run(_ bench: Workbench) throws -> Report {
        switch self {
        case .hot: try HotScenario(bench).run()
        case .spread: try SpreadScenario(bench).run()
        case .sellOut: try SellOutScenario(bench).run()
        case .gate: try GateScenario(bench).run()
        case .browse: try BrowseScenario(bench).run()
        case .idle: try IdleScenario(bench).run()
        case .growth: try GrowthScenario(bench).run()
        case .scale: try ScaleScenario(bench).run()
        }
    }
}
