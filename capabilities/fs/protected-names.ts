/**
 * Names a host's own tools execute or obey when they meet them, in any directory.
 * A guest may read what has such a name, but never make, change, rename or remove it or anything below it: also when
 * there is none yet, and in any other case or Unicode form that a file system may take for the same name.
 * A whole directory is named where parts of it are enough to run code, so no renaming inside it helps.
 */
export const PROTECTED_NAMES: readonly string[] = Object.freeze([
  // Version control: hooks, filters, aliases, external helpers; a HEAD beside a config makes any directory a repository.
  '.git', 'HEAD', '.gitmodules', '.gitattributes', '.gitconfig', '.hg', '.hgrc', '.svn', '.jj', '.bzr', '.husky',
  '.pre-commit-config.yaml',
  // Shells and login.
  '.bashrc', '.bash_profile', '.bash_login', '.bash_logout', '.bash_aliases', '.profile', '.zshrc', '.zshenv', '.zprofile',
  '.zlogin', '.zlogout', '.kshrc', '.cshrc', '.tcshrc', '.login', '.inputrc', '.envrc', '.direnv', '.xinitrc', '.xprofile',
  '.xsession', '.xsessionrc', 'config.fish', 'fish_variables', 'microsoft.powershell_profile.ps1', 'profile.ps1',
  // Per-user programs, services, keys and tools.
  '.ssh', '.gnupg', '.aws', '.kube', '.docker', '.netrc', '.pam_environment', 'autostart', 'systemd', 'launchagents',
  '.vimrc', '.exrc', '.nvimrc', '.gvimrc', '.vim', '.emacs', '.emacs.d', '.dir-locals.el', '.gdbinit', '.lldbinit', '.tmux.conf',
  '.screenrc', '.curlrc', '.wgetrc',
  // Editors and their tasks.
  '.vscode', '.vscode-server', '.idea', '.fleet', '.zed', '.devcontainer', '.devcontainer.json',
  // Agents: settings, tools, instructions.
  '.mcp.json', 'mcp.json', '.claude', '.claude.json', 'claude.md', 'claude.local.md', 'agents.md', 'agent.md', '.agents',
  '.cursor', '.cursorrules', '.codex', '.gemini', 'gemini.md', '.aider.conf.yml', '.continue', '.windsurf',
  '.windsurfrules', '.clinerules', '.roo', '.roorules', '.goosehints', '.amazonq', '.opencode', 'opencode.json',
  '.copilot', 'copilot-instructions.md',
  // Package managers and build tools that run what they find.
  'node_modules', 'package.json', '.npmrc', '.yarnrc', '.yarnrc.yml', '.yarn', '.pnp.cjs', '.pnp.loader.mjs', '.pnpmfile.cjs',
  'bunfig.toml', 'pyproject.toml', 'setup.py', 'setup.cfg', 'conftest.py', 'sitecustomize.py', 'usercustomize.py', '.venv',
  'pip.conf', '.pypirc', '.cargo', '.gemrc', '.bundle', '.irbrc', '.pryrc', '.mise.toml', 'mise.toml', '.tool-versions', '.mvn',
  // Continuous integration.
  '.github', '.gitlab-ci.yml', '.circleci', '.travis.yml', 'jenkinsfile', 'azure-pipelines.yml',
])
