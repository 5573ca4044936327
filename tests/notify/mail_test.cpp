#include "child.hpp"
#include "mail.hpp"
#include "notify_fixture.hpp"

#include "yihong/base/text.hpp"

#include <simdjson.h>

namespace yihong::testing {
namespace {

std::string const helpers = YIHONG_SOURCE_DIR "/tests/notify/";

std::string text_at(std::string const& json, std::string_view pointer)
{
    simdjson::dom::parser parser;
    simdjson::dom::element root = parser.parse(json);
    simdjson::dom::element value;
    if (root.at_pointer(pointer).get(value) != simdjson::SUCCESS)
        return "absent";
    std::string_view text;
    return value.get(text) == simdjson::SUCCESS ? std::string{text} : simdjson::minify(value);
}

class MailTest : public NotifyTest {
protected:
    void SetUp() override { std::filesystem::create_directories(folder.path()); }
    void serve(std::vector<std::string> options = {})
    {
        std::vector<std::string> argv{"python3", helpers + "smtp_sink.py", folder.path().string()};
        std::ranges::move(options, std::back_inserter(argv));
        sink = std::make_unique<Child>(std::move(argv), folder.path() / "port");
        ASSERT_TRUE(eventually([&] { return content(folder.path() / "port").ends_with('\n'); })) << content(folder.path() / "port");
    }
    /// A certificate for localhost, which is its own authority.
    std::string certificate() const
    {
        auto const pem = (folder.path() / "server.pem").string();
        EXPECT_EQ(run({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                       "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", pem, "-out", pem + ".crt"},
                      folder.path() / "openssl.log"),
                  0);
        std::ofstream{pem, std::ios::app} << content(pem + ".crt");
        return pem;
    }
    Channel mail(std::string_view scheme = "smtp") const
    {
        auto port = content(folder.path() / "port");
        port.pop_back();
        auto made = channel(ChannelKind::smtp, fmt::format("{}://localhost:{}", scheme, port));
        made.tls = false;
        made.from = "yihong@example.cn";
        made.to = {"duty@example.cn"};
        return made;
    }
    std::string read(int number) const
    {
        EXPECT_EQ(
            run({"python3", helpers + "mail_reader.py", (folder.path() / fmt::format("{}.eml", number)).string()}, folder.path() / "read"),
            0);
        return content(folder.path() / "read");
    }
    std::string envelope(int number) const { return content(folder.path() / fmt::format("{}.envelope", number)); }
    bool arrived(int number) const
    {
        return eventually([&] { return std::filesystem::exists(folder.path() / fmt::format("{}.eml", number)); });
    }

    TemporaryFolder folder;
    std::unique_ptr<Child> sink;
};

TEST_F(MailTest, AFileGoesWithALetter)
{
    serve();
    auto const sent =
        notify::mail_file(mail(), "2025年10月地表水水质报告", "见附件。", {"2025年10月.docx", "application/octet-stream", "PK file"});
    ASSERT_TRUE(sent.has_value()) << sent.error().detail;
    ASSERT_TRUE(arrived(1));
    auto const said = folder.path() / "said";
    auto const script = "import email.policy, email, sys\n"
                        "m = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)\n"
                        "f = [*m.iter_attachments()][0]\n"
                        "print(m['subject'], m['to'], f.get_filename(), f.get_content(), m.get_body(('plain',)).get_content().strip())\n";
    std::ofstream{folder.path() / "read.py"} << script;
    ASSERT_EQ(run({"python3", (folder.path() / "read.py").string(), (folder.path() / "1.eml").string()}, said), 0);
    EXPECT_EQ(content(said), "2025年10月地表水水质报告 duty@example.cn 2025年10月.docx b'PK file' 见附件。\n");
    auto nobody = mail();
    nobody.url = "smtp://localhost:1";
    EXPECT_FALSE(notify::mail_file(nobody, "a", "b", {"c", "text/plain", "d"}).has_value());
}

TEST_F(MailTest, AMailProgramReadsTextAndHtmlAndKeepsAnAlertTogether)
{
    serve();
    open(store, {mail()});
    raise({document(), document({.step = 2, .kind = "acknowledged"})});
    ASSERT_TRUE(is_emptied());
    ASSERT_TRUE(arrived(2));
    auto const first = read(1);
    EXPECT_EQ(text_at(first, "/subject"), "张留庄断面水质劣于Ⅲ类（Ⅳ类）");
    EXPECT_EQ(text_at(first, "/from"), "yihong@example.cn");
    EXPECT_EQ(text_at(first, "/to"), "duty@example.cn, wang@example.invalid");
    EXPECT_EQ(text_at(first, "/types"), R"(["multipart/mixed","multipart/alternative","text/plain","text/html"])");
    EXPECT_EQ(text_at(first, "/text"), "氨氮 1.31 mg/L <超标 & 待查>\n限值 1 mg/L\n请处理：王某（河津市河长办）\n");
    EXPECT_NE(text_at(first, "/html").find("氨氮 1.31 mg/L &lt;超标 &amp; 待查&gt;<br>限值 1 mg/L"), std::string::npos) << first;
    EXPECT_EQ(text_at(first, "/message_id"), "<zhangliuzhuang-water-20251106T120000Z.1@example.cn>");
    EXPECT_EQ(text_at(first, "/defects"), "[]");
    EXPECT_LE(std::stoi(text_at(first, "/longest_line")), 998);
    EXPECT_EQ(text_at(envelope(1), "/to"), R"(["duty@example.cn","wang@example.invalid"])");
    EXPECT_LT(std::chrono::abs(parse_rfc3339(text_at(first, "/date")).value() - utc_now()), 60s);
    auto const second = read(2);
    EXPECT_NE(text_at(second, "/message_id"), text_at(first, "/message_id"));
    EXPECT_EQ(text_at(second, "/references"), text_at(first, "/references"));
    EXPECT_EQ(text_at(second, "/in_reply_to"), "<zhangliuzhuang-water-20251106T120000Z@example.cn>");
}

TEST_F(MailTest, UpgradesToTlsAndLogsIn)
{
    auto const pem = certificate();
    serve({"--certificate", pem, "--user", "yihong", "--password", "geheim 密"});
    auto to = mail();
    to.tls = true;
    to.ca_file = pem + ".crt";
    to.username = "yihong";
    to.secrets = {"geheim 密"};
    open(store, {to});
    raise({document()});
    ASSERT_TRUE(is_emptied());
    ASSERT_TRUE(arrived(1));
    EXPECT_EQ(text_at(envelope(1), "/tls"), "true");
    EXPECT_EQ(text_at(envelope(1), "/user"), "yihong");
}

TEST_F(MailTest, SpeaksTlsFromTheBeginningOverSmtps)
{
    auto const pem = certificate();
    serve({"--certificate", pem, "--implicit-tls"});
    auto to = mail("smtps");
    to.tls = true;
    to.ca_file = pem + ".crt";
    open(store, {to});
    raise({document()});
    ASSERT_TRUE(is_emptied());
    EXPECT_TRUE(arrived(1));
}

TEST_F(MailTest, NothingGoesOutInClearOrToAStranger)
{
    serve();                                           // offers no TLS
    auto to = mail();
    to.tls = true;
    open(store, {to});
    raise({document()});
    ASSERT_TRUE(eventually([&] { return dispatcher->status().at(0).failed > 0; }));
    close();
    sink.reset();
    std::filesystem::remove(folder.path() / "port");
    serve({"--certificate", certificate()});           // of an authority that nobody knows
    to.url = mail().url;
    open(store, {to});
    ASSERT_TRUE(eventually([&] { return dispatcher->status().at(0).failed > 0; }));
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "1.eml"));
    EXPECT_EQ(store.outbox("alert:duty", 0, 9).size(), 1U);
}

TEST_F(MailTest, AWrongPasswordWaitsForTheRightOne)
{
    serve({"--user", "yihong", "--password", "right"});
    auto to = mail();
    to.username = "yihong";
    to.secrets = {"wrong-password"};
    open(store, {to});
    raise({document()});
    ASSERT_TRUE(eventually([&] { return dispatcher->status().at(0).failed > 1; }));
    EXPECT_EQ(dispatcher->status().at(0).last_error.find("wrong-password"), std::string::npos);
    close();
    to.secrets = {"right"};
    open(store, {to});
    ASSERT_TRUE(is_emptied());
    EXPECT_TRUE(dead().empty());
}

TEST_F(MailTest, AnAddressThatIsGoneKeepsNobodyElseFromKnowing)
{
    serve({"--refuse", "duty@example.cn", "--refuse", "gone@example.cn"});
    auto to = mail();
    open(store, {to});
    raise({document()});
    ASSERT_TRUE(is_emptied());
    EXPECT_EQ(text_at(envelope(1), "/to"), R"(["wang@example.invalid"])");
    close();
    to.to = {"gone@example.cn"};
    open(store, {to});
    raise({R"({"specversion":"1.0","id":"s.1","type":"yihong.service.disk_low","time":"2025-11-06T16:05:12Z"})"});
    ASSERT_TRUE(is_emptied());
    EXPECT_EQ(dead().size(), 1U) << "where nobody is left it is refused for good";
}

TEST(MailHeader, EncodesWithoutCuttingCharacters)
{
    EXPECT_EQ(notify::encoded_header("plain ASCII"), "plain ASCII");
    EXPECT_EQ(notify::encoded_header("氨氮"), "=?UTF-8?B?5rCo5rCu?=");
    EXPECT_EQ(notify::encoded_header("x\r\nBcc: y").find('\n'), std::string::npos);
    std::string text;
    for (int i = 0; i < 40; ++i)
        text += i % 7 == 0 ? "a氮" : "氮";
    auto const encoded = notify::encoded_header(text);
    std::string decoded;
    std::size_t words = 0;
    for (auto const line : split(encoded, '\n')) {
        auto const word = trimmed(line);
        EXPECT_LE(word.size(), 75U);
        auto const bytes = from_base64(word.substr(10, word.size() - 12)).value();
        EXPECT_TRUE(is_valid_utf8(bytes));
        decoded += bytes;
        ++words;
    }
    EXPECT_EQ(decoded, text);
    EXPECT_GE(words, 3U);
}

}  // namespace
}  // namespace yihong::testing
