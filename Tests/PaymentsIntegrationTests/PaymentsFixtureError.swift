/// What a test of Payments did not expect at all.
enum PaymentsFixtureError: Error {
    case unknownJob(String)
    case unexpectedJournal
    case notTaken
}
