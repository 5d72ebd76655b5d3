package dev.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows A3, K24: the examples of RFC 6570 §1.2 and §3.2, and what we refuse. */
class UriTemplateTest {

    private static final Map<String, Object> VALUES = values();

    private static Map<String, Object> values() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("semi", ";");
        keys.put("dot", ".");
        keys.put("comma", ",");
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("var", "value");
        values.put("hello", "Hello World!");
        values.put("count", List.of("one", "two", "three"));
        values.put("dom", new String[] {"example", "com"});
        values.put("dub", "me/too");
        values.put("half", "50%");
        values.put("who", "fred");
        values.put("base", "http://example.com/home/");
        values.put("path", "/foo/bar");
        values.put("list", List.of("red", "green", "blue"));
        values.put("keys", keys);
        values.put("v", 6);
        values.put("x", 1024);
        values.put("y", 768);
        values.put("empty", "");
        values.put("empty_keys", Map.of());
        return values;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                // §1.2, level 1 and 2
                "{var} | value",
                "{hello} | Hello%20World%21",
                "{+var} | value",
                "{+hello} | Hello%20World!",
                "{+path}/here | /foo/bar/here",
                "here?ref={+path} | here?ref=/foo/bar",
                "X{#var} | X#value",
                "X{#hello} | X#Hello%20World!",
                // §1.2, level 3
                "map?{x,y} | map?1024,768",
                "{x,hello,y} | 1024,Hello%20World%21,768",
                "{+x,hello,y} | 1024,Hello%20World!,768",
                "{+path,x}/here | /foo/bar,1024/here",
                "{#x,hello,y} | #1024,Hello%20World!,768",
                "{#path,x}/here | #/foo/bar,1024/here",
                "X{.var} | X.value",
                "X{.x,y} | X.1024.768",
                "{/var} | /value",
                "{/var,x}/here | /value/1024/here",
                "{;x,y} | ;x=1024;y=768",
                "{;x,y,empty} | ;x=1024;y=768;empty",
                "{?x,y} | ?x=1024&y=768",
                "{?x,y,empty} | ?x=1024&y=768&empty=",
                "?fixed=yes{&x} | ?fixed=yes&x=1024",
                "{&x,y,empty} | &x=1024&y=768&empty=",
                // §1.2, level 4
                "{var:3} | val",
                "{var:30} | value",
                "{list} | red,green,blue",
                "{list*} | red,green,blue",
                "{keys} | semi,%3B,dot,.,comma,%2C",
                "{keys*} | semi=%3B,dot=.,comma=%2C",
                "{+path:6}/here | /foo/b/here",
                "{+list} | red,green,blue",
                "{+list*} | red,green,blue",
                "{+keys} | semi,;,dot,.,comma,,",
                "{+keys*} | semi=;,dot=.,comma=,",
                "{#path:6}/here | #/foo/b/here",
                "{#list} | #red,green,blue",
                "{#keys*} | #semi=;,dot=.,comma=,",
                "X{.var:3} | X.val",
                "X{.list} | X.red,green,blue",
                "X{.list*} | X.red.green.blue",
                "X{.keys} | X.semi,%3B,dot,.,comma,%2C",
                "X{.keys*} | X.semi=%3B.dot=..comma=%2C",
                "{/var:1,var} | /v/value",
                "{/list} | /red,green,blue",
                "{/list*} | /red/green/blue",
                "{/list*,path:4} | /red/green/blue/%2Ffoo",
                "{/keys} | /semi,%3B,dot,.,comma,%2C",
                "{/keys*} | /semi=%3B/dot=./comma=%2C",
                "{;hello:5} | ;hello=Hello",
                "{;list} | ;list=red,green,blue",
                "{;list*} | ;list=red;list=green;list=blue",
                "{;keys} | ;keys=semi,%3B,dot,.,comma,%2C",
                "{;keys*} | ;semi=%3B;dot=.;comma=%2C",
                "{?var:3} | ?var=val",
                "{?list} | ?list=red,green,blue",
                "{?list*} | ?list=red&list=green&list=blue",
                "{?keys} | ?keys=semi,%3B,dot,.,comma,%2C",
                "{?keys*} | ?semi=%3B&dot=.&comma=%2C",
                "{&var:3} | &var=val",
                "{&list} | &list=red,green,blue",
                "{&list*} | &list=red&list=green&list=blue",
                "{&keys} | &keys=semi,%3B,dot,.,comma,%2C",
                "{&keys*} | &semi=%3B&dot=.&comma=%2C",
                // §3.2.1
                "{count} | one,two,three",
                "{count*} | one,two,three",
                "{/count} | /one,two,three",
                "{/count*} | /one/two/three",
                "{;count} | ;count=one,two,three",
                "{;count*} | ;count=one;count=two;count=three",
                "{?count} | ?count=one,two,three",
                "{?count*} | ?count=one&count=two&count=three",
                "{&count*} | &count=one&count=two&count=three",
                // §3.2.2
                "{half} | 50%25",
                "O{empty}X | OX",
                "{x,y} | 1024,768",
                "?{x,empty} | ?1024,",
                "?{x,undef} | ?1024",
                "?{undef,y} | ?768",
                // §3.2.3
                "{+half} | 50%25",
                "{base}index | http%3A%2F%2Fexample.com%2Fhome%2Findex",
                "{+base}index | http://example.com/home/index",
                "O{+empty}X | OX",
                "up{+path}{var}/here | up/foo/barvalue/here",
                // §3.2.4
                "{#half} | #50%25",
                "foo{#empty} | foo#",
                "foo{#undef} | foo",
                "{#keys} | #semi,;,dot,.,comma,,",
                // §3.2.5
                "{.who} | .fred",
                "{.who,who} | .fred.fred",
                "{.half,who} | .50%25.fred",
                "www{.dom*} | www.example.com",
                "X{.empty} | X.",
                "X{.undef} | X",
                "X{.empty_keys} | X",
                "X{.empty_keys*} | X",
                // §3.2.6
                "{/who,who} | /fred/fred",
                "{/half,who} | /50%25/fred",
                "{/who,dub} | /fred/me%2Ftoo",
                "{/var,empty} | /value/",
                "{/var,undef} | /value",
                "{/var,x}/here | /value/1024/here",
                // §3.2.7
                "{;who} | ;who=fred",
                "{;half} | ;half=50%25",
                "{;empty} | ;empty",
                "{;v,empty,who} | ;v=6;empty;who=fred",
                "{;v,bar,who} | ;v=6;who=fred",
                "{;x,y,undef} | ;x=1024;y=768",
                // §3.2.8 and §3.2.9
                "{?who} | ?who=fred",
                "{?half} | ?half=50%25",
                "{?x,y,undef} | ?x=1024&y=768",
                "{&who} | &who=fred",
                "{&x,y,undef} | &x=1024&y=768"
            })
    void expandsAsTheExamplesOfItsSpecification(String template, String expected) {
        assertThat(UriTemplate.parse(template).expand(VALUES)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/a%2Fb/{x}, /a%2Fb/1024",
        "/a b/ä/{x}, /a%20b/%C3%A4/1024",
        "/{+encoded}, /50%25%20off",
        "/{encoded}, /50%2525%2520off",
        "/{+encoded:3}, /50%25",
        "/{smile:1}, /%F0%9F%98%80",
        "/{a.b}, /dotted",
        "/%zz/{x}, /%25zz/1024"
    })
    void encodesNothingTwiceAndCutsNoCharacter(String template, String expected) {
        Map<String, Object> values =
                Map.of("x", 1024, "encoded", "50%25%20off", "smile", "\uD83D\uDE00!", "a.b", "dotted");

        assertThat(UriTemplate.parse(template).expand(values)).isEqualTo(expected);
    }

    /** A list in the path of nothing would lead to another target, so it is an error there and left out elsewhere. */
    @ParameterizedTest
    @ValueSource(strings = {"/x/{undef}", "/x/{empty_keys}", "/x/{undef,other}", "{+undef}/x"})
    void asksForTheValueThatMakesTheTarget(String template) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UriTemplate.parse(template).expand(VALUES))
                .withMessageContaining("No value for the variable")
                .withMessageContaining(template.substring(template.indexOf('{'), template.indexOf('}') + 1));
    }

    @Test
    void refusesToCutAValueWithMembers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UriTemplate.parse("/{list:3}").expand(VALUES))
                .withMessageContaining("{list:3}")
                .withMessageNotContaining("red");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/a{ | index 2 | has no '}'",
                "/a{} | index 2 | empty",
                "/a{b | index 2 | has no '}'",
                "/a} | index 2 | has no '{'",
                "/{a}/b} | index 6 | has no '{'",
                "/a{b c} | index 2 | 'b c' is no name",
                "/a{b,} | index 2 | '' is no name",
                "/a{b-c} | index 2 | 'b-c' is no name",
                "/a{b..c} | index 2 | 'b..c' is no name",
                "/a{=b} | index 2 | reserved",
                "/a{@b} | index 2 | reserved",
                "/a{b:0} | index 2 | prefix",
                "/a{b:10000} | index 2 | prefix",
                "/a{b:x} | index 2 | prefix",
                "/a{b:3*} | index 2 | 'b:3' is no name",
                "/a{{b}} | index 2 | '{b' is no name"
            })
    void saysWhatIsMalformedAndWhere(String template, String where, String what) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UriTemplate.parse(template))
                .withMessageContaining(where)
                .withMessageContaining(what);
    }

    @ParameterizedTest
    @CsvSource({
        "/x{?a*}, /x",
        "/x{?a}{&b}, /x",
        "/x?b=1{&a}, /x",
        "/x{#a}, /x",
        "/x{/a}, /x{/a}",
        "'/repos/{owner}/issues{?state,labels*}', /repos/{owner}/issues"
    })
    void isNamedByItsPath(String template, String name) {
        assertThat(UriTemplate.parse(template).template()).isEqualTo(name);
    }

    @Test
    void neverPrintsASecretWhereverItStands() {
        Map<String, Object> values = Map.of(
                "one", Secret.of("hunter2"),
                "many", List.of("a", Secret.of("hunter2")),
                "map", Map.of("k", Secret.of("hunter2")));
        UriTemplate template = UriTemplate.parse("/{one}{/many*}/{one:3}{?map*,one,many}");

        assertThat(template.expand(values)).isEqualTo("/hunter2/a/hunter2/hun?k=hunter2&one=hunter2&many=a,hunter2");
        assertThat(template.printable(values)).isEqualTo("/•••/a/•••/•••?k=•••&one=•••&many=a,•••");
    }
}
