"""What the host tells the user, in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from console.model.text import Language, Text

RETRY = Text("重试", "Retry")
CHOOSE = Text("选择", "Choose")


def no_command(command_id: str) -> Text:
    return Text(f"没有命令“{command_id}”。", f'There is no command "{command_id}".')


def not_bound(contribution_id: str) -> Text:
    return Text(
        f"插件声明了“{contribution_id}”，但没有实现它。",
        f'The plugin declares "{contribution_id}" but does not bind it.',
    )


def no_widget() -> Text:
    return Text("插件创建此面板时出错。", "The plugin failed to make this panel.")


def bad_manifest(faults: str) -> Text:
    return Text(f"plugin.toml 有误：\n{faults}", f"plugin.toml has faults:\n{faults}")


def last_good(name: str) -> Text:
    return Text(
        f"“{name}”的 plugin.toml 有误，暂用上次正确的内容",
        f'The plugin.toml of "{name}" has faults; the last good one stands in',
    )


def wrong_sdk(wanted: str, present: str) -> Text:
    return Text(
        f"插件需要 SDK {wanted}，当前为 {present}。", f"It needs SDK {wanted}; this console has {present}."
    )


def reserved(publisher: str) -> Text:
    return Text(
        f"发布者“{publisher}”仅限自带插件使用。", f'The publisher "{publisher}" is kept for built-in plugins.'
    )


def same_id(folder: str) -> Text:
    return Text(f"{folder} 中已有同一标识的插件。", f"Another plugin with this id is in {folder}.")


def same_package(package: str, other: str) -> Text:
    return Text(
        f"代码包“{package}”与插件 {other} 重名。",
        f'Its package "{package}" is also that of the plugin {other}.',
    )


def missing_service(name: str) -> Text:
    return Text(
        f"缺少服务“{name}”：没有启用的插件提供它。",
        f'It needs the service "{name}", which no enabled plugin provides.',
    )


def provider_failed(name: str, provider: str) -> Text:
    return Text(
        f"所需服务“{name}”的插件 {provider} 未能启动。",
        f'It needs the service "{name}", but the plugin {provider} could not be started.',
    )


def import_failed(error: BaseException) -> Text:
    return Text(f"代码无法载入：{error!r}", f"Its code cannot be imported: {error!r}")


def activation_failed(error: BaseException) -> Text:
    return Text(f"启动时出错：{error!r}", f"It failed while starting: {error!r}")


def suspended(count: int) -> Text:
    return Text(f"一分钟内出错 {count} 次，已暂停。", f"Suspended after {count} errors within a minute.")


def crashed() -> Text:
    return Text(
        "上次程序崩溃时正在运行此插件，已停用。",
        "It was running when the console crashed last time, so it is off.",
    )


def switched_off() -> Text:
    return Text("已由用户停用。", "Switched off by the user.")


def safe_mode() -> Text:
    return Text("安全模式下不载入第三方插件。", "Safe mode starts without third-party plugins.")


def not_running(name: str, reason: str) -> Text:
    return Text(f"插件“{name}”未运行：{reason}", f'The plugin "{name}" is not running: {reason}')


def failed(name: str) -> Text:
    return Text(f"插件“{name}”发生故障", f'The plugin "{name}" has failed')


def handler_failed(name: str) -> Text:
    return Text(f"插件“{name}”出错", f'An error in the plugin "{name}"')


def stalled(name: str, seconds: float) -> Text:
    return Text(
        f"插件“{name}”使界面停顿了 {seconds:.1f} 秒",
        f'The plugin "{name}" held up the window for {seconds:.1f} s',
    )


def key_conflict(key: str, claimants: Sequence[Text]) -> Text:
    chinese, english = (", ".join(text.get(language) for text in claimants) for language in Language)
    return Text(
        f"快捷键 {key} 被多个功能占用：{chinese}。请在设置中选择。",
        f"The key {key} is claimed by several: {english}. Choose in the settings.",
    )
