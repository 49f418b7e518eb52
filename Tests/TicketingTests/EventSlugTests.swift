import Testing

@testable import Ticketing

@Suite("Event slugs")
struct EventSlugTests {
    @Test(
        "A name becomes lower-case words with hyphens",
        arguments: [
            ("Night of the Proms", "night-of-the-proms"), ("  Café  del Mar! ", "cafe-del-mar"),
            ("Ünïcode – 2026", "unicode-2026"), ("音楽の夜", "event"), ("---", "event"), ("A&B", "a-b"),
            ("ﬁlm №1", "film-no1"),
        ])
    func make(name: String, slug: String) {
        #expect(EventSlug.make(from: name) == slug)
        #expect(EventSlug.isValid(slug))
    }

    @Test("A long name is cut, never at a hyphen")
    func long() {
        let slug = EventSlug.make(from: String(repeating: "a", count: 99) + " " + String(repeating: "b", count: 20))
        #expect(slug == String(repeating: "a", count: 99))
    }

    @Test(
        "What is no slug is told apart",
        arguments: ["", "A", "a--b", "-a", "a-", "a b", "é", String(repeating: "a", count: 101)])
    func invalid(slug: String) {
        #expect(!EventSlug.isValid(slug))
    }

    @Test("Candidates count from 2 and stay valid when the slug is as long as it may be")
    func candidates() {
        #expect(EventSlug.candidates(for: "jazz", count: 3) == ["jazz", "jazz-2", "jazz-3"])
        let long = EventSlug.candidates(for: String(repeating: "a", count: 100), count: 12)
        #expect(long.allSatisfy(EventSlug.isValid))
        #expect(Set(long).count == 12)
    }
}
