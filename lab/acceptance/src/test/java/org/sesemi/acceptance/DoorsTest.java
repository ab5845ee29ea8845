package org.sesemi.acceptance;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.File;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The doors between trust domains, as the architecture page draws them. */
class DoorsTest {

  private static final List<String> CORE = List.of("wire", "crypto", "attestation", "channel");

  private static JavaClasses ours;

  @BeforeAll
  static void readTheClasses() {
    ours =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.sesemi");
    assertThat(ours).as("classes read").hasSizeGreaterThan(100);
  }

  @Test
  void coreSpeaksTheJdkOnly() {
    holds(
        classes()
            .that(livesIn(CORE))
            .should()
            .onlyDependOnClassesThat(
                livesIn(CORE)
                    .or(
                        DescribedPredicate.describe(
                            "belong to the JDK or are annotations",
                            type ->
                                type.getPackageName().startsWith("java")
                                    || type.getPackageName().startsWith("org.w3c.dom")
                                    || type.getPackageName().startsWith("org.xml.sax")
                                    || type.getPackageName().startsWith("org.jspecify")
                                    || type.getPackageName().startsWith("com.google.errorprone")
                                    || type.isPrimitive()
                                    || type.isArray()))));
  }

  @Test
  void wireUsesNothingElseOfOurs() {
    holds(usesOfOursOnly("wire", List.of("wire")));
  }

  @TestFactory
  List<DynamicTest> eachModuleUsesOnlyWhatItsDomainMay() {
    return List.of(
        domain("crypto", List.of("wire", "crypto")),
        domain("attestation", List.of("wire", "crypto", "attestation")),
        domain("channel", CORE),
        domain("simulated", plus(CORE, "simulated")),
        domain("keyservice", plus(CORE, "keyservice")),
        domain("runtime", plus(CORE, "runtime")),
        domain("platform", List.of("wire", "platform")),
        domain("packer", List.of("wire", "platform", "packer")),
        domain("sdk", plus(CORE, "sdk")),
        domain("cli", plus(CORE, "sdk", "cli")));
  }

  @Test
  void nobodyOutsideUsesAnotherModulesInternals() {
    for (String module : plus(CORE, "simulated", "keyservice", "runtime", "platform", "packer")) {
      holds(
          noClasses()
              .that()
              .resideOutsideOfPackage("org.sesemi." + module + "..")
              .and()
              .resideOutsideOfPackages("org.sesemi.bench..", "org.sesemi.testkit..")
              .should()
              .dependOnClassesThat()
              .resideInAPackage("org.sesemi." + module + ".internal.."));
    }
  }

  @Test
  void packagesHaveNoCycles() {
    holds(slices().matching("org.sesemi.(*)..").should().beFreeOfCycles());
  }

  @TestFactory
  List<DynamicTest> eachModuleExportsItsOnePackageAndPerhapsAnSpi() {
    Set<String> wanted =
        plus(CORE, "simulated", "keyservice", "runtime", "platform", "packer", "sdk", "cli")
            .stream()
            .map(module -> "org.sesemi." + module)
            .collect(Collectors.toSet());
    List<ModuleDescriptor> found =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .flatMap(DoorsTest::modulesAt)
            .filter(descriptor -> wanted.contains(descriptor.name()))
            .toList();
    assertThat(found).as("modules read").hasSize(wanted.size());
    return found.stream()
        .map(
            descriptor ->
                DynamicTest.dynamicTest(
                    descriptor.name(),
                    () -> {
                      assertThat(descriptor.isOpen()).isFalse();
                      assertThat(descriptor.exports())
                          .filteredOn(Predicate.not(ModuleDescriptor.Exports::isQualified))
                          .extracting(ModuleDescriptor.Exports::source)
                          .isSubsetOf(descriptor.name(), descriptor.name() + ".spi");
                    }))
        .toList();
  }

  /** Jars of others may not be readable as modules; ours are. */
  private static Stream<ModuleDescriptor> modulesAt(Path entry) {
    try {
      return ModuleFinder.of(entry).findAll().stream().map(ModuleReference::descriptor);
    } catch (FindException notAModule) {
      return Stream.empty();
    }
  }

  private static DynamicTest domain(String module, List<String> allowed) {
    return DynamicTest.dynamicTest(
        module + " uses " + allowed, () -> holds(usesOfOursOnly(module, allowed)));
  }

  private static ArchRule usesOfOursOnly(String module, List<String> allowed) {
    return noClasses()
        .that(livesIn(List.of(module)))
        .should()
        .dependOnClassesThat(
            describe(
                "are ours and outside of " + allowed,
                type ->
                    type.getPackageName().startsWith("org.sesemi") && !livesIn(allowed).test(type)))
        .allowEmptyShould(false);
  }

  private static DescribedPredicate<JavaClass> livesIn(List<String> modules) {
    return describe(
        "live in " + modules,
        type ->
            modules.stream()
                .map(module -> "org.sesemi." + module)
                .anyMatch(
                    home ->
                        type.getPackageName().equals(home)
                            || type.getPackageName().startsWith(home + ".")));
  }

  private static List<String> plus(List<String> base, String... more) {
    return Stream.concat(base.stream(), Arrays.stream(more)).toList();
  }

  private static void holds(ArchRule rule) {
    rule.check(ours);
  }
}
