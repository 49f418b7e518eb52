/// Why a campaign cannot go on. It is no finding about the platform.
struct CampaignError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
