@main
struct Ticketing {
    static func main() {}
}
